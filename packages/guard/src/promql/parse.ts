import type { Matcher } from '../core/index.ts';
import type { Expr } from './ast.ts';
import { checkTypes } from './check.ts';
import { parseError, unsupported } from './errors.ts';
import { type Cursor, createCursor } from './parser/cursor.ts';
import { checkDepth } from './parser/depth.ts';
import { parseExpression } from './parser/parse-expression.ts';
import { isMetricName } from './parser/parse-operand.ts';
import { parseSelector } from './parser/parse-selector.ts';

/** Longer expressions are refused: every tool that shows a query would choke on them. */
const MAX_LENGTH = 1_048_576;

/**
 * Parses a PromQL expression and checks its types, as Prometheus 3.16 without feature flags does: what it accepts, what
 * it makes of it, and what it says where it refuses.
 *
 * @throws UserError `bad-promql` with line, column and excerpt; `unsupported-promql` for what Prometheus accepts
 * and this parser does not: expressions that are too long or too deep.
 */
export function parseExpr(text: string): Expr {
  const cursor = cursorOn(text);
  if (cursor.peek().kind === 'end') throw parseError(text, 0, 'no expression found in input');
  const expr = parseExpression(cursor);
  if (cursor.peek().kind !== 'end') cursor.unexpected();
  checkDepth(text, expr);
  checkTypes(text, expr);
  return expr;
}

/**
 * Parses a text that is one series selector and nothing else, as Prometheus's ParseMetricSelector does: a name, matchers
 * in braces, or both. It may select every series.
 *
 * @throws UserError as `parseExpr`
 */
export function parseMetricSelector(text: string): readonly Matcher[] {
  const cursor = cursorOn(text);
  const first = cursor.peek();
  const isNamed = isMetricName(first);
  if (!isNamed && first.word !== '{') cursor.unexpected();
  const { matchers } = parseSelector(cursor, isNamed ? cursor.next() : undefined);
  if (cursor.peek().kind !== 'end') cursor.unexpected();
  return matchers;
}

function cursorOn(text: string): Cursor {
  if (text.length > MAX_LENGTH)
    throw unsupported('', 0, `the expression has ${text.length} characters; the limit is ${MAX_LENGTH}`);
  return createCursor(text);
}
