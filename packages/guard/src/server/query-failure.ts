import { messageOf, UserError } from '../core/index.ts';
import { ApiError, type ApiErrorType } from './api-error.ts';
import type { QueryFailure } from './query-protocol.ts';

/** The engine's error codes in the API's terms; what is not here is the asker's mistake. */
const ERROR_TYPES: Readonly<Record<string, ApiErrorType>> = {
  'promql-execution': 'execution',
  'promql-too-many-samples': 'execution',
  'promql-timeout': 'timeout',
  'promql-canceled': 'canceled',
};

/** What an error means to the client of the API. */
export function failureOf(error: unknown): QueryFailure {
  if (error instanceof ApiError) return { ok: false, type: error.errorType, message: error.message };
  if (error instanceof UserError) {
    const { code, message } = error.problems[0]!;
    const type = ERROR_TYPES[code];
    // The engine's other refusals are of expressions that parse and do not suit the request.
    return type === undefined
      ? { ok: false, type: 'bad_data', message: `invalid parameter "query": ${message}` }
      : { ok: false, type, message };
  }
  if (isStackOverflow(error))
    return { ok: false, type: 'bad_data', message: 'the expression is nested too deeply' };
  return { ok: false, type: 'internal', message: messageOf(error) };
}

/** Parser and engine recurse into an expression: the stack is the limit of its depth. */
const isStackOverflow = (error: unknown) =>
  error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
