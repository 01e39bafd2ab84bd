import type { AtModifier, DurationNode, Expr, MatrixSelector, SubqueryExpr, VectorSelector } from '../ast.ts';
import { formatFixed } from '../format-fixed.ts';
import { type Context, type Cursor, spanOf } from './cursor.ts';
import { parseOffset, parsePositiveDuration } from './parse-duration.ts';
import { parseNumber } from './parse-number.ts';
import type { Token } from './token.ts';

const AT_RANGE = {
  name: 'subquery or range selector',
  expected: 'number, duration, step(), or range()',
};
const AFTER_RANGE = { name: 'subquery or range', expected: '":" or "]"' };
const AT_STEP = {
  name: 'subquery selector',
  expected: 'number, duration, step(), range(), or "]"',
};
const AFTER_STEP = { name: 'subquery selector', expected: '"]"' };
const AT_OFFSET = { name: 'offset', expected: 'number, duration, step(), or range()' };
const AT_TIMESTAMP: Context = { name: '@', expected: 'timestamp' };

/** Parses the ranges, offsets, `@`, `anchored` and `smoothed` that follow an operand, in any order. */
export function parsePostfixes(cursor: Cursor, operand: Expr): Expr {
  let expr = operand;
  for (;;) {
    const token = cursor.accept('[', 'offset', '@', 'anchored', 'smoothed');
    if (!token) return expr;
    expr = parsePostfix(cursor, token, expr);
  }
}

function parsePostfix(cursor: Cursor, token: Token, expr: Expr): Expr {
  switch (token.word) {
    case '[':
      return parseRange(cursor, token, expr);
    case 'offset':
      return withOffset(
        cursor,
        expr,
        cursor.within(AT_OFFSET, () => parseOffset(cursor)),
      );
    case '@':
      return cursor.within(AT_TIMESTAMP, () => parseAt(cursor, expr));
    default:
      return withModifier(cursor, expr, token.word as 'anchored' | 'smoothed');
  }
}

function parseRange(cursor: Cursor, open: Token, expr: Expr): Expr {
  const range = cursor.within(AT_RANGE, () => parsePositiveDuration(cursor));
  if (cursor.accept(':')) return parseSubquery(cursor, expr, range);
  const close = cursor.accept(']') ?? cursor.unexpected(AFTER_RANGE);
  const span = spanOf(expr.span, close);
  if (expr.type !== 'vector') return cursor.fail(open, 'ranges only allowed for vector selectors');
  if (expr.offset) cursor.fail(open, 'no offset modifiers allowed before range');
  if (expr.at) cursor.fail(open, 'no @ modifiers allowed before range');
  return { type: 'matrix', selector: expr, range, span };
}

function parseSubquery(cursor: Cursor, expr: Expr, range: DurationNode): SubqueryExpr {
  const step = cursor.at(']') ? undefined : cursor.within(AT_STEP, () => parsePositiveDuration(cursor));
  const close = cursor.accept(']') ?? cursor.unexpected(AFTER_STEP);
  const span = spanOf(expr.span, close);
  return { type: 'subquery', expr, range, step, offset: undefined, at: undefined, span };
}

type Carrier = VectorSelector | MatrixSelector | SubqueryExpr;

const carried = (target: Carrier): VectorSelector | SubqueryExpr =>
  target.type === 'matrix' ? target.selector : target;

/** What an offset or `@` can be set on. */
function carrierOf(cursor: Cursor, expr: Expr, modifier: string): Carrier {
  if (expr.type === 'vector' || expr.type === 'matrix' || expr.type === 'subquery') return expr;
  return cursor.fail(
    expr.span,
    `${modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
  );
}

function changed(
  cursor: Cursor,
  target: Carrier,
  changes: Partial<Pick<VectorSelector, 'offset' | 'at'>>,
): Carrier {
  const span = spanOf(target.span, cursor.previous());
  return target.type === 'matrix'
    ? { ...target, selector: { ...target.selector, ...changes }, span }
    : { ...target, ...changes, span };
}

function withOffset(cursor: Cursor, expr: Expr, offset: DurationNode): Expr {
  const target = carrierOf(cursor, expr, 'offset');
  if (carried(target).offset) cursor.fail(expr.span, 'offset may not be set multiple times');
  // An offset of nothing is none: another may follow.
  const isNothing = offset.kind === 'literal' && Math.round(offset.value * 1e9) === 0;
  return changed(cursor, target, { offset: isNothing ? undefined : offset });
}

function parseAt(cursor: Cursor, expr: Expr): Expr {
  const at = parseInstant(cursor, expr);
  const target = carrierOf(cursor, expr, '@');
  if (carried(target).at) cursor.fail(expr.span, '@ <timestamp> may not be set multiple times');
  return changed(cursor, target, { at });
}

/** In seconds: beyond, a time is none that Prometheus holds in its milliseconds. */
const MAX_TIMESTAMP = 2 ** 63 / 1000;

function parseInstant(cursor: Cursor, expr: Expr): AtModifier {
  const keyword = cursor.accept('start', 'end');
  if (keyword) {
    cursor.expect('(');
    cursor.expect(')');
    return { kind: keyword.word as 'start' | 'end' };
  }
  const isNegative = cursor.accept('+', '-')?.word === '-';
  const number = parseNumber(cursor) ?? cursor.unexpected();
  const value = isNegative ? -number.value : number.value;
  if (!(Math.abs(value) < MAX_TIMESTAMP))
    cursor.fail(expr.span, `timestamp out of bounds for @ modifier: ${formatFixed(value, 6)}`);
  return { kind: 'time', timestamp: roundAwayFromZero(value * 1000) };
}

/** Go's math.Round. */
const roundAwayFromZero = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

function withModifier(cursor: Cursor, expr: Expr, modifier: 'anchored' | 'smoothed'): Expr {
  if (expr.type === 'subquery')
    return cursor.fail(expr.span, `${modifier} modifier is not supported for subqueries`);
  if (expr.type !== 'vector' && expr.type !== 'matrix')
    return cursor.fail(expr.span, `${modifier} modifier not implemented`);
  const selector = expr.type === 'matrix' ? expr.selector : expr;
  if (selector.modifier !== undefined && selector.modifier !== modifier)
    cursor.fail(expr.span, 'anchored and smoothed modifiers cannot be used together');
  // The span stays as it is, as in the original, where it decides on the positions of errors.
  const modified = { ...selector, modifier };
  return expr.type === 'matrix' ? { ...expr, selector: modified } : modified;
}
