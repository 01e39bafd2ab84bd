import type { BinaryExpr } from '../ast.ts';
import { typeOf } from '../type-of.ts';
import { leftSpine } from '../walk.ts';
import { scalarOperation } from './arithmetic.ts';
import { applyOperator } from './binary.ts';
import type { EvalContext } from './context.ts';
import { evaluateScalar, evaluateVector } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { createUnion } from './union.ts';
import { matchingOf } from './vector-matching.ts';

/** Operators between scalars, from the left end of the chain on. */
export function evaluateScalarChain(ctx: EvalContext, expr: BinaryExpr): Float64Array {
  const { first, rest } = leftSpine(expr);
  const values = evaluateScalar(ctx, first);
  for (const { operator, right } of rest) {
    const operate = scalarOperation(operator);
    const operands = evaluateScalar(ctx, right);
    for (let step = 0; step < values.length; step++) values[step] = operate(values[step]!, operands[step]!);
  }
  return values;
}

/** Operators that give a vector, from the left end of the chain on; links before the first vector are scalars. */
export function evaluateVectorChain(ctx: EvalContext, expr: BinaryExpr): Frame {
  const { rest } = leftSpine(expr);
  const links = rest.slice(rest.findIndex(({ returns }) => returns === 'vector'));
  const first = links[0]!.left;
  let left: Frame | Float64Array =
    typeOf(first) === 'scalar' ? evaluateScalar(ctx, first) : evaluateVector(ctx, first);
  for (let at = 0; at < links.length; ) {
    const union = links.slice(at, endOfUnion(links, at));
    left = union.length > 0 ? unite(ctx, union, left as Frame) : applyOperator(ctx, links[at]!, left);
    at += Math.max(1, union.length);
  }
  return left as Frame;
}

/** Where the links end that are all `or` with the same matching. */
function endOfUnion(links: readonly BinaryExpr[], start: number): number {
  let end = start;
  while (end < links.length && links[end]!.operator === 'or' && sameMatching(links[start]!, links[end]!))
    end++;
  return end;
}

function sameMatching(a: BinaryExpr, b: BinaryExpr): boolean {
  const [x, y] = [matchingOf(a), matchingOf(b)];
  return (
    x.on === y.on &&
    x.labels.length === y.labels.length &&
    x.labels.every((label, i) => label === y.labels[i])
  );
}

/** A chain of `or` in one go: joining vector after vector would copy the first ones again and again. */
function unite(ctx: EvalContext, links: readonly BinaryExpr[], first: Frame): Frame {
  const union = createUnion(ctx, matchingOf(links[0]!));
  union.add(first);
  for (const { right } of links) union.add(evaluateVector(ctx, right));
  return union.finish();
}
