import { caretExcerpt, UserError } from '../core/index.ts';
import { placeOf } from './places.ts';

/**
 * The text did not parse or its types do not agree. Positions count within the expression, columns in UTF-8 bytes, and
 * messages are Prometheus's.
 */
export function parseError(text: string, offset: number, message: string, remedy?: string): UserError {
  return at('bad-promql', text, offset, message, remedy);
}

/** The expression is PromQL, but of a kind that is refused here. */
export function unsupported(text: string, offset: number, message: string, remedy?: string): UserError {
  return at('unsupported-promql', text, offset, message, remedy);
}

function at(code: string, text: string, offset: number, message: string, remedy?: string): UserError {
  return new UserError(code, message, {
    // An empty expression has no places, says Prometheus.
    ...(text !== '' && { position: placeOf(text, offset) }),
    excerpt: caretExcerpt(text, offset),
    ...(remedy !== undefined && { remedy }),
  });
}

/** The text of a refusal by `parseExpr` in Prometheus's form: `1:5: parse error: …`. */
export function parseErrorText({ problems: [problem] }: UserError): string {
  const { position, message } = problem!;
  const place = position ? `${position.line}:${position.column}` : 'unknown position';
  return `${place}: parse error: ${message}`;
}

/** Why an evaluation stopped; each maps to an error type of the query API. */
export type ExecutionCode =
  | 'promql-execution'
  | 'promql-timeout'
  | 'promql-canceled'
  | 'promql-too-many-samples';

/** The query is valid, but its evaluation failed. */
export const executionError = (code: ExecutionCode, message: string): UserError =>
  new UserError(code, message);
