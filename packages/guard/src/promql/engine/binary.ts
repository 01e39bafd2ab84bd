import { type BinaryExpr, isComparison, isSetOperator, isTrimOperator } from '../ast.ts';
import { typeOf } from '../type-of.ts';
import { arithmetic, comparison } from './arithmetic.ts';
import type { EvalContext } from './context.ts';
import { evaluateScalar, evaluateVector, withoutNames } from './evaluate.ts';
import { countPresent, createFrame, type Frame } from './frame.ts';
import { filterByPartner } from './set-operators.ts';
import { matchVectors } from './vector-matching.ts';

/** What an operator makes of two values: the result, and whether the sample stays. */
export interface ElementOperation {
  readonly value: (left: number, right: number) => number;
  readonly keeps: (left: number, right: number) => boolean;
  /** The result is another quantity than the operand, so that the metric's name falls away. */
  readonly dropsName: boolean;
}

/** A comparison without `bool` filters and keeps the left value, as does a vector's against a scalar. */
export function elementOperation(ctx: EvalContext, expr: BinaryExpr): ElementOperation {
  const { operator, returnBool } = expr;
  if (isSetOperator(operator)) throw new Error(`BUG: ${operator} has no element operation`);
  if (isTrimOperator(operator)) return trimming(ctx, expr);
  if (!isComparison(operator)) return { value: arithmetic(operator), keeps: () => true, dropsName: true };
  const holds = comparison(operator);
  return returnBool
    ? { value: (a, b) => (holds(a, b) ? 1 : 0), keeps: () => true, dropsName: true }
    : { value: left => left, keeps: holds, dropsName: false };
}

/** Floats have no buckets to cut: each is left out, and it is told. */
function trimming({ query }: EvalContext, { operator, span }: BinaryExpr): ElementOperation {
  const message = `incompatible sample types encountered for binary operator ${JSON.stringify(operator)}: float ${operator} float`;
  const keeps = (): boolean => {
    query.notes.info(message, span);
    return false;
  };
  return { value: left => left, keeps, dropsName: false };
}

/**
 * Applies an operator other than `or` to its left side, evaluated, and its right side; at least one of them is a vector.
 */
export function applyOperator(ctx: EvalContext, expr: BinaryExpr, left: Frame | Float64Array): Frame {
  if (left instanceof Float64Array) return withScalar(ctx, expr, evaluateVector(ctx, expr.right), left, true);
  if (typeOf(expr.right) === 'scalar')
    return withScalar(ctx, expr, left, evaluateScalar(ctx, expr.right), false);
  const { budget } = ctx.query;
  const right = evaluateVector(ctx, expr.right);
  const result = isSetOperator(expr.operator)
    ? filterByPartner(expr, left, right)
    : matchVectors(ctx, expr, left, right);
  budget.hold(countPresent(result));
  budget.release(countPresent(left) + countPresent(right));
  return result;
}

function withScalar(
  ctx: EvalContext,
  expr: BinaryExpr,
  vector: Frame,
  scalars: Float64Array,
  leftIsScalar: boolean,
): Frame {
  const { value, keeps, dropsName } = elementOperation(ctx, expr);
  const filters = isComparison(expr.operator) && !expr.returnBool;
  const result = createFrame(vector.labels, ctx.steps, vector.dropName);
  for (let cell = 0; cell < vector.present.length; cell++) {
    if (vector.present[cell] === 0) continue;
    const element = vector.values[cell]!;
    const scalar = scalars[cell % ctx.steps]!;
    const [a, b] = leftIsScalar ? [scalar, element] : [element, scalar];
    if (!keeps(a, b)) continue;
    result.present[cell] = 1;
    result.values[cell] = filters ? element : value(a, b);
  }
  ctx.query.budget.release(countPresent(vector) - countPresent(result));
  return dropsName ? withoutNames(ctx, result) : result;
}
