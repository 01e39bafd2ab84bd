import type { CallExpr, Expr } from '../ast.ts';
import type { EvalContext } from './context.ts';
import { countPresent, createFrame, type Frame } from './frame.ts';
import { unwrap } from './range-call.ts';
import { createSampleCounts } from './sample-counts.ts';

/** Functions whose value depends on the step's own time, whatever they are given (promql/functions.go). */
const READS_TIME: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
]);

const known = new WeakMap<Expr, boolean>();

/**
 * Whether an expression is evaluated once for all steps, because `@` pins everything in it (promql.PreprocessExpr). As
 * there, an aggregation's parameter is not asked.
 */
export function isStepInvariant(expr: Expr): boolean {
  const found = known.get(expr) ?? decide(expr);
  known.set(expr, found);
  return found;
}

function decide(expr: Expr): boolean {
  switch (expr.type) {
    case 'number':
    case 'string':
      return true;
    case 'vector':
    case 'subquery':
      return expr.at !== undefined;
    case 'matrix':
      return expr.selector.at !== undefined;
    case 'paren':
    case 'unary':
    case 'aggregate':
      return isStepInvariant(expr.expr);
    case 'binary':
      return isStepInvariant(expr.left) && isStepInvariant(expr.right);
    case 'call':
      return isInvariantCall(expr);
  }
}

function isInvariantCall({ name, args }: CallExpr): boolean {
  if (name === 'timestamp' && unwrap(args[0]!).type !== 'vector') return false;
  return (name === 'timestamp' || !READS_TIME.has(name)) && args.every(isStepInvariant);
}

/** The one evaluation that stands for every step. */
export const firstStep = (ctx: EvalContext): EvalContext => ({
  ...ctx,
  steps: 1,
  isInstant: true,
  counts: ctx.counts && createSampleCounts(1),
});

/** A frame of one step, repeated at every step. */
export function repeatFrame(ctx: EvalContext, once: Frame): Frame {
  const { steps } = ctx;
  const frame = createFrame(once.labels, steps, once.dropName);
  for (let row = 0; row < once.labels.length; row++) {
    frame.values.fill(once.values[row]!, row * steps, (row + 1) * steps);
    frame.present.fill(once.present[row]!, row * steps, (row + 1) * steps);
  }
  ctx.query.budget.hold(countPresent(once) * (steps - 1));
  return frame;
}
