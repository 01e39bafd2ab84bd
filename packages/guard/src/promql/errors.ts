import { caretExcerpt, lineAndColumn, UserError } from '../core/index.ts';

/** The text did not parse or its types do not agree; positions count within the expression. */
export function parseError(text: string, offset: number, message: string, remedy?: string): UserError {
  return at('bad-promql', text, offset, message, remedy);
}

/** The expression is PromQL, but of a kind that is refused here. */
export function unsupported(text: string, offset: number, message: string, remedy?: string): UserError {
  return at('unsupported-promql', text, offset, message, remedy);
}

/** The refusal of a function that Prometheus has only behind its experimental flag. */
export const unsupportedFunction = (text: string, offset: number, name: string): UserError =>
  unsupported(
    text,
    offset,
    `the experimental function ${name}() is not supported`,
    'use stable PromQL functions, which every Prometheus runs without a feature flag',
  );

function at(code: string, text: string, offset: number, message: string, remedy?: string): UserError {
  return new UserError(code, message, {
    position: lineAndColumn(text, offset),
    excerpt: caretExcerpt(text, offset),
    ...(remedy !== undefined && { remedy }),
  });
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
