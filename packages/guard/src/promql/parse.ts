import type { Expr } from './ast.ts';
import { checkTypes } from './check.ts';
import { parseError, unsupported } from './errors.ts';
import { createCursor } from './parser/cursor.ts';
import { checkDepth } from './parser/depth.ts';
import { parseExpression } from './parser/parse-expression.ts';

/** Longer expressions are refused: every tool that shows a query would choke on them. */
const MAX_LENGTH = 1_048_576;

/**
 * Parses a PromQL expression and checks its types, as Prometheus 3.16 without feature flags does: what it accepts, what
 * it makes of it, and what it says where it refuses.
 *
 * @throws UserError `bad-promql` with line, column and excerpt; `unsupported-promql` for what Prometheus accepts
 * and this parser does not: expressions that are too long or too deep, strings that are not UTF-8.
 */
export function parseExpr(text: string): Expr {
  if (text.length > MAX_LENGTH)
    throw unsupported('', 0, `the expression has ${text.length} characters; the limit is ${MAX_LENGTH}`);
  const cursor = createCursor(text);
  if (cursor.peek().kind === 'end') throw parseError(text, 0, 'no expression found in input');
  const expr = parseExpression(cursor);
  if (cursor.peek().kind !== 'end') cursor.unexpected();
  checkDepth(text, expr);
  checkTypes(text, expr);
  return expr;
}
