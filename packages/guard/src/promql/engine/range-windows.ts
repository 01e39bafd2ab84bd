import type { Milliseconds } from '../../core/index.ts';
import { createCondenser } from './condense.ts';
import { type EvalContext, timeAt } from './context.ts';
import type { Frame } from './frame.ts';
import type { RangeFunction, RangeWindow } from './range-functions.ts';
import { type RangeSeries, type RangeSource, windowEnd } from './selectors.ts';
import { firstAfter } from './windows.ts';

/**
 * With this many windows or fewer, each is read by itself, the inside of long ones by its summaries; with more, all
 * samples are read once and the windows slide over them.
 */
const FEW_WINDOWS = 8;

/** Fills `frame`, whose rows are the source's series, with the function's value on the window of every step. */
export function fillWindows(
  ctx: EvalContext,
  source: RangeSource,
  fn: RangeFunction,
  scalar: Float64Array | undefined,
  frame: Frame,
): void {
  const isFixed = source.placement.fixed !== undefined;
  const fill =
    fn.condense && (ctx.steps <= FEW_WINDOWS || isFixed)
      ? condenseWindows(ctx, source, fn, frame)
      : slideWindows(ctx, source, fn, scalar, frame);
  for (const [row, series] of source.series.entries()) ctx.query.budget.hold(fill(series, row));
}

/** Fills one row; answers the number of results. */
type FillRow = (series: RangeSeries, row: number) => number;

const newWindow = (): RangeWindow => ({
  start: 0,
  end: 0,
  count: 0,
  pairs: 0,
  rangeStart: 0,
  rangeEnd: 0,
  time: 0,
  scalar: Number.NaN,
});

function placeWindow(window: RangeWindow, { placement, range }: RangeSource, time: Milliseconds): void {
  window.time = time;
  window.rangeEnd = windowEnd(placement, time);
  window.rangeStart = window.rangeEnd - range;
}

function slideWindows(
  ctx: EvalContext,
  source: RangeSource,
  { prepare }: RangeFunction,
  scalar: Float64Array | undefined,
  frame: Frame,
): FillRow {
  const { budget } = ctx.query;
  const window = newWindow();
  return (series, row) => {
    const samples = series.read();
    if (samples.end === samples.start) return 0;
    const { timestamps, end } = samples;
    const evaluate = prepare(samples);
    window.start = samples.start;
    window.end = samples.start;
    let results = 0;
    // How far the two ends went at the step before.
    let startStride = 0;
    let endStride = 0;
    for (let step = 0; step < ctx.steps; step++) {
      placeWindow(window, source, timeAt(ctx, step));
      const { start: lastStart, end: lastEnd } = window;
      window.start = firstAfter(timestamps, lastStart, end, window.rangeStart, lastStart + startStride);
      const from = Math.max(lastEnd, window.start);
      window.end = firstAfter(timestamps, from, end, window.rangeEnd, lastEnd + endStride);
      startStride = window.start - lastStart;
      endStride = window.end - lastEnd;
      window.count = window.end - window.start;
      budget.work(window.count + 1);
      if (window.count === 0) continue;
      budget.hold(window.count);
      if (scalar) window.scalar = scalar[step]!;
      const value = evaluate(window);
      budget.release(window.count);
      if (value === undefined) continue;
      frame.values[row * ctx.steps + step] = value;
      frame.present[row * ctx.steps + step] = 1;
      results++;
    }
    return results;
  };
}

function condenseWindows(ctx: EvalContext, source: RangeSource, fn: RangeFunction, frame: Frame): FillRow {
  const { budget } = ctx.query;
  const slide = slideWindows(ctx, source, fn, undefined, frame);
  const condenser = createCondenser(ctx.query.buffers.take());
  const window = newWindow();
  const isFixed = source.placement.fixed !== undefined;

  function valueAt({ visit }: RangeSeries, time: Milliseconds): number | undefined | 'read' {
    placeWindow(window, source, time);
    // Timestamps are integers; the window is open on the left.
    const from = Math.floor(window.rangeStart) + 1;
    const condensed = condenser.condense(visitor => visit!(from, window.rangeEnd, visitor), fn.condense!);
    if (condensed === undefined) return 'read';
    const { samples, count, pairs } = condensed;
    budget.work(samples.end + 1);
    if (count === 0) return undefined;
    budget.hold(count);
    Object.assign(window, { start: samples.start, end: samples.end, count, pairs });
    const value = fn.prepare(samples)(window);
    budget.release(count);
    return value;
  }

  return (series, row) => {
    if (!series.visit) return slide(series, row);
    let results = 0;
    for (let step = 0; step < ctx.steps; step++) {
      const value = valueAt(series, timeAt(ctx, step));
      if (value === 'read') return slide(series, row);
      if (value === undefined) continue;
      const cell = row * ctx.steps + step;
      const cells = isFixed ? ctx.steps : 1;
      frame.values.fill(value, cell, cell + cells);
      frame.present.fill(1, cell, cell + cells);
      results += cells;
      if (isFixed) break;
    }
    return results;
  };
}
