import type { Milliseconds } from '../../core/index.ts';
import type { VectorSelector } from '../ast.ts';
import type { Samples } from '../storage.ts';
import { type EvalContext, lastTime, timeAt } from './context.ts';
import { interpolate } from './extended-window.ts';
import { createFrame, type Frame } from './frame.ts';
import { placementOf, windowEnd } from './selectors.ts';
import { firstAfter, withoutStale } from './windows.ts';

/**
 * A `smoothed` instant selector: between two samples the line from one to the other, at both of which the lookback
 * allows to look; after the last one its value (smoothSeries of promql/engine.go).
 */
export function selectSmoothed(ctx: EvalContext, selector: VectorSelector): Frame {
  const { querier, budget, lookback } = ctx.query;
  const placement = placementOf(ctx, selector);
  const from = windowEnd(placement, ctx.start) - lookback + 1;
  const to = windowEnd(placement, lastTime(ctx)) + lookback;
  const series = querier.select(selector.matchers);
  // As in Prometheus, their samples count for nothing.
  if (ctx.counts) ctx.counts.series += series.length;
  const buffer = ctx.query.buffers.take();
  const frame = createFrame(
    series.map(({ labels }) => labels),
    ctx.steps,
  );
  for (const [row, each] of series.entries()) {
    const samples = withoutStale(each.samples(from, to, buffer));
    let next = samples.start;
    for (let step = 0; step < ctx.steps; step++) {
      const time = windowEnd(placement, timeAt(ctx, step));
      next = firstAfter(samples.timestamps, next, samples.end, time);
      budget.work(1);
      const value = valueAt(samples, next, time, lookback);
      if (value === undefined) continue;
      budget.hold(1);
      frame.values[row * ctx.steps + step] = value;
      frame.present[row * ctx.steps + step] = 1;
    }
  }
  return frame;
}

/** `next` is the first sample after `time`. */
function valueAt(
  samples: Samples,
  next: number,
  time: Milliseconds,
  lookback: Milliseconds,
): number | undefined {
  const { timestamps, values, start, end } = samples;
  const last = next - 1;
  if (last < start || timestamps[last]! <= time - lookback) return undefined;
  const isAlone = timestamps[last] === time || next === end || timestamps[next]! > time + lookback;
  return isAlone ? values[last]! : interpolate(samples, last, time, false);
}
