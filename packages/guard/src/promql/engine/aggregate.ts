import { formatFloat, formatFloatShort, goQuote, Labels, unreachable } from '../../core/index.ts';
import type { AggregateExpr, StringLiteral } from '../ast.ts';
import { executionError } from '../errors.ts';
import { accumulate } from './accumulate.ts';
import { type EvalContext, withoutName } from './context.ts';
import { evaluateScalar, evaluateVector } from './evaluate.ts';
import { countPresent, createFrame, createFrameBuilder, type Frame } from './frame.ts';
import { larger, smaller } from './go-extremes.ts';
import { unwrap } from './range-call.ts';
import { rankK } from './rank.ts';

/** Which group each row belongs to, and the groups' labels. */
export interface Grouping {
  readonly groupOf: Int32Array;
  readonly labels: Labels[];
}

/** Evaluates an aggregation at every step. */
export function evaluateAggregate(ctx: EvalContext, expr: AggregateExpr): Frame {
  const { budget } = ctx.query;
  const param = expr.param && expr.operator !== 'count_values' ? evaluateScalar(ctx, expr.param) : undefined;
  const input = evaluateVector(ctx, expr.expr);
  const result = aggregate(ctx, expr, input, param);
  budget.hold(countPresent(result));
  budget.release(countPresent(input));
  return result;
}

function aggregate(
  ctx: EvalContext,
  expr: AggregateExpr,
  input: Frame,
  param: Float64Array | undefined,
): Frame {
  const { operator } = expr;
  switch (operator) {
    case 'count_values':
      return countValues(ctx, expr, input);
    case 'topk':
    case 'bottomk':
      return rankK(ctx, operator, input, groupRows(expr, input), param!);
    case 'quantile':
      warnQuantiles(ctx, expr, param!);
      return accumulate(ctx, operator, input, groupRows(expr, input), param);
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'count':
    case 'group':
    case 'stddev':
    case 'stdvar':
      return accumulate(ctx, operator, input, groupRows(expr, input), undefined);
    default:
      return unreachable(operator);
  }
}

const groupLabels = (labels: Labels, { without, grouping }: AggregateExpr): Labels =>
  without
    ? withoutName(labels).without(grouping)
    : grouping.length === 0
      ? Labels.EMPTY
      : labels.keep(grouping);

function groupRows(expr: AggregateExpr, { labels }: Frame): Grouping {
  const groups = new Map<string, number>();
  const found: Labels[] = [];
  const groupOf = Int32Array.from(labels, rowLabels => {
    const group = groupLabels(rowLabels, expr);
    const known = groups.get(group.key);
    if (known !== undefined) return known;
    groups.set(group.key, found.length);
    return found.push(group) - 1;
  });
  return { groupOf, labels: found };
}

/** The largest and the smallest of all steps are told; as in Prometheus, a NaN hides all but infinities. */
function warnQuantiles(ctx: EvalContext, { param }: AggregateExpr, values: Float64Array): void {
  const [largest, smallest] = [values.reduce(larger), values.reduce(smaller)];
  const told = [
    ...(values.some(Number.isNaN) ? [Number.NaN] : []),
    ...(largest > 1 ? [largest] : []),
    ...(smallest < 0 ? [smallest] : []),
  ];
  for (const q of told)
    ctx.query.notes.warn(
      `quantile value should be between 0 and 1, got ${formatFloatShort(q)}`,
      unwrap(param!).span,
    );
}

function countValues(ctx: EvalContext, expr: AggregateExpr, input: Frame): Frame {
  const label = (unwrap(expr.param!) as StringLiteral).value;
  if (label === '' || !label.isWellFormed())
    throw executionError('promql-execution', `invalid label name ${goQuote(label)}`);
  const grouping = expr.without ? expr.grouping : [...expr.grouping, label];
  const counts = createFrameBuilder(ctx.steps, input.labels.length);
  const totals = new Map<number, number>();
  for (let cell = 0; cell < input.present.length; cell++) {
    if (input.present[cell] === 0) continue;
    const step = cell % ctx.steps;
    const valued = input.labels[(cell - step) / ctx.steps]!.with({
      [label]: formatFloat(input.values[cell]!),
    });
    const row = counts.rowOf(groupLabels(valued, { ...expr, grouping }), false);
    const key = row * ctx.steps + step;
    totals.set(key, (totals.get(key) ?? 0) + 1);
    counts.set(row, step, totals.get(key)!);
  }
  return counts.finish();
}

/** A frame for the groups of a frame. */
export function frameOfGroups(input: Frame, { groupOf, labels }: Grouping): Frame {
  const dropName = labels.map(() => false);
  for (const [row, group] of groupOf.entries()) dropName[group] ||= input.dropName[row]!;
  return createFrame(labels, input.steps, dropName);
}
