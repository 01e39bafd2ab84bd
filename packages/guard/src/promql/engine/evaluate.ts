import { unreachable } from '../../core/index.ts';
import type { Expr, UnaryExpr } from '../ast.ts';
import { typeOf } from '../type-of.ts';
import { evaluateAggregate } from './aggregate.ts';
import { evaluateScalarChain, evaluateVectorChain } from './chain.ts';
import { type EvalContext, timeAt, withoutName } from './context.ts';
import { countPresent, type Frame } from './frame.ts';
import { callInstantFunction } from './instant-call.ts';
import { mergeDuplicates } from './merge.ts';
import { callRangeFunction, isRangeExpr, unwrap } from './range-call.ts';
import { withoutEmptyRows } from './rows.ts';
import { countRepeated } from './sample-counts.ts';
import { selectInstant } from './selectors.ts';
import { firstStep, isStepInvariant, repeatFrame } from './step-invariant.ts';

/** Evaluates an expression of type scalar: its value at every step. */
export function evaluateScalar(ctx: EvalContext, expr: Expr): Float64Array {
  if (!ctx.isInstant && isStepInvariant(expr))
    return evaluateOnce(ctx, once => new Float64Array(ctx.steps).fill(evaluateScalar(once, expr)[0]!));
  switch (expr.type) {
    case 'number':
      return new Float64Array(ctx.steps).fill(expr.value);
    case 'paren':
      return evaluateScalar(ctx, expr.expr);
    case 'unary': {
      const values = evaluateScalar(ctx, expr.expr);
      return expr.operator === '-' ? values.map(value => -value) : values;
    }
    case 'binary':
      return evaluateScalarChain(ctx, expr);
    case 'call':
      return callScalarFunction(ctx, expr.name, expr.args);
    default:
      throw new Error(`BUG: ${expr.type} is not a scalar`);
  }
}

function callScalarFunction(ctx: EvalContext, name: string, args: readonly Expr[]): Float64Array {
  const values = new Float64Array(ctx.steps);
  if (name === 'pi') return values.fill(Math.PI);
  if (name === 'time') return values.map((_, step) => timeAt(ctx, step) / 1000);
  if (name === 'scalar') return onlyValues(ctx, evaluateVector(ctx, args[0]!));
  throw new Error(`BUG: no scalar function ${name}`);
}

/** The value of the one sample at each step; NaN where there are none or several. */
function onlyValues(ctx: EvalContext, frame: Frame): Float64Array {
  const values = new Float64Array(ctx.steps).fill(Number.NaN);
  const counts = new Uint32Array(ctx.steps);
  for (let cell = 0; cell < frame.present.length; cell++) {
    if (frame.present[cell] === 0) continue;
    const step = cell % ctx.steps;
    values[step] = counts[step]!++ === 0 ? frame.values[cell]! : Number.NaN;
  }
  ctx.query.budget.release(countPresent(frame));
  return values;
}

/** Evaluates an expression of type instant vector at every step. Its samples are held in the budget. */
export function evaluateVector(ctx: EvalContext, expr: Expr): Frame {
  ctx.query.budget.work(ctx.steps);
  if (!ctx.isInstant && isStepInvariant(expr))
    return evaluateOnce(ctx, once => repeatFrame(ctx, evaluateVector(once, expr)));
  return withoutEmptyRows(evaluateSteps(ctx, expr));
}

function evaluateSteps(ctx: EvalContext, expr: Expr): Frame {
  switch (expr.type) {
    case 'paren':
      return evaluateVector(ctx, expr.expr);
    case 'vector':
      return selectInstant(ctx, expr, 'value');
    case 'unary':
      return negate(ctx, expr);
    case 'binary':
      return evaluateVectorChain(ctx, expr);
    case 'aggregate':
      return evaluateAggregate(ctx, expr);
    case 'call':
      return expr.args.some(arg => isRangeExpr(unwrap(arg)))
        ? callRangeFunction(ctx, expr)
        : callInstantFunction(ctx, expr);
    case 'number':
    case 'string':
    case 'matrix':
    case 'subquery':
      throw new Error(`BUG: a ${typeOf(expr)} is not an instant vector`);
    default:
      return unreachable(expr);
  }
}

/** One evaluation stands for every step. */
function evaluateOnce<T>(ctx: EvalContext, evaluate: (once: EvalContext) => T): T {
  const once = firstStep(ctx);
  const result = evaluate(once);
  countRepeated(ctx, once);
  return result;
}

function negate(ctx: EvalContext, { operator, expr }: UnaryExpr): Frame {
  const frame = evaluateVector(ctx, expr);
  if (operator === '+') return frame;
  return withoutNames(ctx, { ...frame, values: frame.values.map(value => -value) });
}

/** The frame after a function that changes what its values mean. */
export function withoutNames(ctx: EvalContext, frame: Frame): Frame {
  if (ctx.query.delayedNameRemoval) return { ...frame, dropName: frame.labels.map(() => true) };
  return mergeDuplicates({ ...frame, labels: frame.labels.map(withoutName) });
}
