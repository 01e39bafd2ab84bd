import { type BinaryExpr, isComparison, isSetOperator } from '../ast.ts';
import { typeOf } from '../check.ts';
import { arithmetic, comparison } from './arithmetic.ts';
import type { EvalContext } from './context.ts';
import { evaluateScalar, evaluateVector, withoutNames } from './evaluate.ts';
import { countPresent, createFrame, type Frame } from './frame.ts';
import { combineSets } from './set-operators.ts';
import { matchVectors } from './vector-matching.ts';

/** What an operator makes of two values: the result, and whether the sample stays. */
export interface ElementOperation {
  readonly value: (left: number, right: number) => number;
  readonly keeps: (left: number, right: number) => boolean;
  /** The result is another quantity than the operand, so that the metric's name falls away. */
  readonly dropsName: boolean;
}

/** A comparison without `bool` filters and keeps the left value, as does a vector's against a scalar. */
export function elementOperation({ operator, returnBool }: BinaryExpr): ElementOperation {
  if (isSetOperator(operator)) throw new Error(`BUG: ${operator} has no element operation`);
  if (!isComparison(operator)) return { value: arithmetic(operator), keeps: () => true, dropsName: true };
  const holds = comparison(operator);
  return returnBool
    ? { value: (a, b) => (holds(a, b) ? 1 : 0), keeps: () => true, dropsName: true }
    : { value: left => left, keeps: holds, dropsName: false };
}

/** Evaluates a binary operator of which at least one side is a vector. */
export function evaluateVectorBinary(ctx: EvalContext, expr: BinaryExpr): Frame {
  const { budget } = ctx.query;
  const leftIsScalar = typeOf(expr.left) === 'scalar';
  if (leftIsScalar || typeOf(expr.right) === 'scalar') return withScalar(ctx, expr, leftIsScalar);
  const left = evaluateVector(ctx, expr.left);
  const right = evaluateVector(ctx, expr.right);
  const result = isSetOperator(expr.operator)
    ? combineSets(ctx, expr, left, right)
    : matchVectors(ctx, expr, left, right);
  budget.hold(countPresent(result));
  budget.release(countPresent(left) + countPresent(right));
  return result;
}

function withScalar(ctx: EvalContext, expr: BinaryExpr, leftIsScalar: boolean): Frame {
  const [vectorNode, scalarNode] = leftIsScalar ? [expr.right, expr.left] : [expr.left, expr.right];
  const scalars = evaluateScalar(ctx, scalarNode);
  const vector = evaluateVector(ctx, vectorNode);
  const { value, keeps, dropsName } = elementOperation(expr);
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
