import { formatFloatShort, goQuote, type Labels, METRIC_NAME } from '../../core/index.ts';
import type { CallExpr, Expr, MatrixSelector, Span, SubqueryExpr } from '../ast.ts';
import { absentLabels } from './absent.ts';
import { type EvalContext, isMetadataLabel, withoutName } from './context.ts';
import { evaluateScalar } from './evaluate.ts';
import { checkModifier, fillExtendedWindows, reachOf } from './extended-range.ts';
import { createFrame, type Frame } from './frame.ts';
import { mergeDuplicates } from './merge.ts';
import { isBadQuantile } from './quantile.ts';
import { KEEPS_NAME, RANGE_FUNCTIONS } from './range-functions.ts';
import { fillWindows } from './range-windows.ts';
import { countWindows } from './sample-counts.ts';
import { type RangeSeries, selectRange } from './selectors.ts';

export const isRangeExpr = (expr: Expr): expr is MatrixSelector | SubqueryExpr =>
  expr.type === 'matrix' || expr.type === 'subquery';

/** Evaluates a function of a range vector at every step. */
export function callRangeFunction(ctx: EvalContext, call: CallExpr): Frame {
  const { budget, delayedNameRemoval } = ctx.query;
  const range = unwrap(call.args.find(arg => isRangeExpr(unwrap(arg)))!) as MatrixSelector | SubqueryExpr;
  const scalarNode = call.args.find(arg => !isRangeExpr(unwrap(arg)));
  const scalar = scalarNode && evaluateScalar(ctx, scalarNode);
  const modifier = range.type === 'matrix' ? range.selector.modifier : undefined;
  if (modifier) checkModifier(call, modifier);
  const source = selectRange(ctx, range);
  if (range.type === 'matrix') countWindows(ctx, source, reachOf(modifier, ctx.query.lookback));
  const keepsName = KEEPS_NAME.has(call.name);
  const drops = source.series.map(({ dropName }) => dropName || !keepsName);
  const labels = source.series.map((series, i) =>
    delayedNameRemoval || !drops[i] ? series.labels : withoutName(series.labels),
  );
  const frame = createFrame(labels, ctx.steps, delayedNameRemoval ? drops : undefined);
  if (range.type === 'matrix' && modifier) fillExtendedWindows(ctx, call, range, source, frame);
  else fillWindows(ctx, source, RANGE_FUNCTIONS.get(call.name)!, scalar, frame);
  budget.release(source.held);
  if (call.name === 'quantile_over_time') warnQuantiles(ctx, scalar!, call.args[0]!, frame);
  if (call.name === 'rate' || call.name === 'increase') noteNonCounters(ctx, source.series, frame, range);
  if (call.name === 'absent_over_time') return absentOverTime(ctx, frame, absentLabels(range));
  return delayedNameRemoval ? frame : mergeDuplicates(frame);
}

export function unwrap(expr: Expr): Expr {
  return expr.type === 'paren' ? unwrap(expr.expr) : expr;
}

/** Only where there is a window to take a quantile of. */
function warnQuantiles(ctx: EvalContext, quantiles: Float64Array, at: Expr, frame: Frame): void {
  for (const q of new Set([...quantiles].filter(isBadQuantile))) {
    const isUsed = frame.present.some(
      (there, cell) => there === 1 && Object.is(quantiles[cell % ctx.steps], q),
    );
    const message = `quantile value should be between 0 and 1, got ${formatFloatShort(q)}`;
    if (isUsed) ctx.query.notes.warn(message, unwrap(at).span);
  }
}

const COUNTER_NAME = /_(?:total|sum|count|bucket)$/;

function noteNonCounters(ctx: EvalContext, series: readonly RangeSeries[], frame: Frame, at: Expr): void {
  const told = new Set<string>();
  for (const [row, { labels }] of series.entries()) {
    const name = labels.get(METRIC_NAME);
    if (name === '' || told.has(name) || COUNTER_NAME.test(name) || !hasAny(frame, row)) continue;
    told.add(name);
    ctx.query.notes.info(
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${goQuote(name)}`,
      placeOf(at),
    );
  }
}

/** As in Prometheus, a subquery has lost its place by then: the query's first character stands for it. */
const placeOf = (range: Expr): Span =>
  range.type === 'subquery' ? { start: 0, end: 0, line: 1, column: 1 } : range.span;

function hasAny(frame: Frame, row: number): boolean {
  const start = row * frame.steps;
  return frame.present.subarray(start, start + frame.steps).includes(1);
}

function absentOverTime(ctx: EvalContext, found: Frame, labels: Labels): Frame {
  const frame = createFrame(
    [labels.without([...labels].map(([name]) => name).filter(isMetadataLabel))],
    ctx.steps,
  );
  frame.present.fill(1);
  frame.values.fill(1);
  for (let cell = 0; cell < found.present.length; cell++)
    if (found.present[cell] === 1) frame.present[cell % ctx.steps] = 0;
  return frame;
}
