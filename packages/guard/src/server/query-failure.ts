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
  if (isOutOfMemory(error)) return { ok: false, type: 'execution', message: TOO_MANY_SAMPLES };
  return { ok: false, type: 'internal', message: messageOf(error) };
}

const TOO_MANY_SAMPLES =
  'query processing would load too many samples into memory in query execution (more than can be allocated)';

/** The engine takes memory for all steps at once; what the platform refuses is more than any limit would allow. */
const isOutOfMemory = (error: unknown) =>
  error instanceof RangeError &&
  /^(?:Array buffer allocation failed|Invalid typed array length)/.test(error.message);
