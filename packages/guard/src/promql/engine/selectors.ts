import type { Labels, Milliseconds } from '../../core/index.ts';
import type { MatrixSelector, SubqueryExpr, VectorSelector } from '../ast.ts';
import { isStaleAt, type Samples, type SeriesData } from '../storage.ts';
import { type EvalContext, fixedTime, lastTime, offsetOf, timeAt } from './context.ts';
import { durationOf } from './duration.ts';
import { evaluateVector } from './evaluate.ts';
import { reachOf } from './extended-range.ts';
import { countPresent, createFrame, type Frame } from './frame.ts';
import { countInstants, countSubquery, createSampleCounts } from './sample-counts.ts';
import { selectSmoothed } from './smoothed-instant.ts';
import { firstAfter, withoutStale } from './windows.ts';

/** Where the window of each step ends: at the step's time less an offset, or always at the same instant. */
export interface WindowPlacement {
  readonly offset: Milliseconds;
  readonly fixed: Milliseconds | undefined;
}

export const placementOf = (
  ctx: EvalContext,
  { offset, at }: Pick<VectorSelector, 'offset' | 'at'>,
): WindowPlacement => ({ offset: offsetOf(ctx.query, offset), fixed: fixedTime(ctx.query, at) });

/** The end of the window of the step at `time`. */
export const windowEnd = ({ offset, fixed }: WindowPlacement, time: Milliseconds): Milliseconds =>
  (fixed ?? time) - offset;

/** An instant selector at every step: the newest sample within the lookback, unless it marks the end of the series. */
export function selectInstant(
  ctx: EvalContext,
  selector: VectorSelector,
  wanted: 'value' | 'timestamp',
): Frame {
  if (selector.modifier === 'smoothed' && wanted === 'value') return selectSmoothed(ctx, selector);
  const placement = placementOf(ctx, selector);
  const { query, steps } = ctx;
  const from = windowEnd(placement, ctx.start) - query.lookback + 1;
  const to = windowEnd(placement, lastTime(ctx));
  const series = query.querier.select(selector.matchers);
  const buffer = query.buffers.take();
  const frame = createFrame(
    series.map(({ labels }) => labels),
    steps,
  );
  for (const [row, each] of series.entries()) {
    const found = fillRow(ctx, frame, row, each.samples(from, to, buffer), placement, wanted);
    query.budget.hold(found);
    query.budget.work(found + 1);
  }
  countInstants(ctx, frame, series.length);
  return frame;
}

function fillRow(
  ctx: EvalContext,
  frame: Frame,
  row: number,
  { timestamps, values, start, end }: Samples,
  placement: WindowPlacement,
  wanted: 'value' | 'timestamp',
): number {
  const { lookback } = ctx.query;
  let cursor = start;
  let found = 0;
  for (let step = 0; step < ctx.steps; step++) {
    const time = windowEnd(placement, timeAt(ctx, step));
    cursor = firstAfter(timestamps, cursor, end, time);
    const newest = cursor - 1;
    if (newest < start || timestamps[newest]! <= time - lookback || isStaleAt(values, newest)) continue;
    const cell = row * ctx.steps + step;
    frame.present[cell] = 1;
    frame.values[cell] = wanted === 'value' ? values[newest]! : timestamps[newest]! / 1000;
    found++;
  }
  return found;
}

/** One series of a range vector. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly dropName: boolean;
  /**
   * Every sample that any step's window may hold, staleness markers left out. One series at a time: valid until
   * another one of the same source is read.
   */
  read(): Samples;
  /** See `SeriesData.visit`; undefined for a subquery, whose samples are at hand. */
  readonly visit: SeriesData['visit'] | undefined;
}

export interface RangeSource {
  readonly series: readonly RangeSeries[];
  readonly placement: WindowPlacement;
  readonly range: Milliseconds;
  /** Samples that are held in memory for it. */
  readonly held: number;
}

/** A range selector or subquery, over all steps. */
export function selectRange(ctx: EvalContext, expr: MatrixSelector | SubqueryExpr): RangeSource {
  return expr.type === 'matrix' ? readRange(ctx, expr) : evaluateSubquery(ctx, expr);
}

function readRange(ctx: EvalContext, { selector, range: rangeNode }: MatrixSelector): RangeSource {
  const placement = placementOf(ctx, selector);
  const range = durationOf(rangeNode, ctx.query, false);
  const { before, after } = reachOf(selector.modifier, ctx.query.lookback);
  const from = windowEnd(placement, ctx.start) - range - before + 1;
  const to = windowEnd(placement, lastTime(ctx)) + after;
  const buffer = ctx.query.buffers.take();
  const series = ctx.query.querier.select(selector.matchers).map(
    (found): RangeSeries => ({
      labels: found.labels,
      dropName: false,
      read: () => withoutStale(found.samples(from, to, buffer)),
      visit: found.visit,
    }),
  );
  return { series, placement, range, held: 0 };
}

function evaluateSubquery(ctx: EvalContext, expr: SubqueryExpr): RangeSource {
  const { query } = ctx;
  const placement = placementOf(ctx, expr);
  const range = durationOf(expr.range, query, false);
  const step = expr.step ? durationOf(expr.step, query, false) : query.noStepSubqueryInterval;
  const oldest = windowEnd(placement, ctx.start) - range;
  // Steps stand at multiples of the interval, the first one after the left-open start.
  let start = step * Math.trunc(oldest / step);
  if (start <= oldest) start += step;
  const end = windowEnd(placement, lastTime(ctx));
  if (end < start) return { series: [], placement, range, held: 0 };
  const steps = Math.floor((end - start) / step) + 1;
  query.budget.allowSteps(steps);
  const counts = ctx.counts && createSampleCounts(steps);
  const inner: EvalContext = { query, start, step, steps, isInstant: start === end, counts };
  const frame = evaluateVector(inner, expr.expr);
  countSubquery(ctx, inner, { range, windowEnd: time => windowEnd(placement, time) });
  const series = frame.labels.map(
    (labels, row): RangeSeries => ({
      labels,
      dropName: frame.dropName[row]!,
      read: () => rowSamples(frame, row, start, step),
      visit: undefined,
    }),
  );
  return { series, placement, range, held: countPresent(frame) };
}

function rowSamples(frame: Frame, row: number, from: Milliseconds, interval: Milliseconds): Samples {
  const timestamps = new Float64Array(frame.steps);
  const values = new Float64Array(frame.steps);
  let count = 0;
  for (let step = 0; step < frame.steps; step++) {
    const cell = row * frame.steps + step;
    if (frame.present[cell] === 0) continue;
    timestamps[count] = from + step * interval;
    values[count++] = frame.values[cell]!;
  }
  return { timestamps, values, start: 0, end: count };
}
