import type { Milliseconds } from '../../core/index.ts';
import { type EvalContext, timeAt } from './context.ts';
import type { Frame } from './frame.ts';
import { type RangeSource, windowEnd } from './selectors.ts';
import { firstAfter } from './windows.ts';

/**
 * Samples that an evaluation consumed at each of its steps, by Prometheus's definitions (util/stats QuerySamples). They
 * are counted beside the evaluation, and only where they are asked for.
 */
export interface SampleCounts {
  /** Of each step's windows, whether or not an earlier window held them too. */
  readonly total: Float64Array;
  /** Those that no earlier window held. */
  readonly read: Float64Array;
  /** Series of all selectors; one that two selectors meet counts twice. */
  series: number;
}

export const createSampleCounts = (steps: number): SampleCounts => ({
  total: new Float64Array(steps),
  read: new Float64Array(steps),
  series: 0,
});

/** Counts what an instant selector found of `series`. */
export function countInstants({ counts }: EvalContext, frame: Frame, series: number): void {
  if (!counts) return;
  counts.series += series;
  for (let cell = 0; cell < frame.present.length; cell++) {
    if (frame.present[cell] === 0) continue;
    const step = cell % frame.steps;
    counts.total[step]!++;
    counts.read[step]!++;
  }
}

/** How far beyond a range its selector sees. */
interface Reach {
  readonly before: Milliseconds;
  readonly after: Milliseconds;
}

/** Counts the windows of a range selector. */
export function countWindows(ctx: EvalContext, source: RangeSource, { before, after }: Reach): void {
  const { counts } = ctx;
  if (!counts) return;
  counts.series += source.series.length;
  for (const series of source.series) {
    const { timestamps, start, end } = series.read();
    let [from, to] = [start, start];
    for (let step = 0; step < ctx.steps; step++) {
      const until = windowEnd(source.placement, timeAt(ctx, step)) + after;
      const lastTo = to;
      from = firstAfter(timestamps, from, end, until - after - source.range - before);
      to = firstAfter(timestamps, Math.max(from, to), end, until);
      counts.total[step]! += to - from;
      counts.read[step]! += to - Math.max(from, lastTo);
    }
  }
}

/** Counts for every step what was evaluated once. */
export function countRepeated({ counts }: EvalContext, { counts: once }: EvalContext): void {
  if (!counts || !once) return;
  counts.series += once.series;
  for (let step = 0; step < counts.total.length; step++) counts.total[step]! += once.total[0]!;
  counts.read[0]! += once.read[0]!;
}

/** Which of a subquery's steps a step of the outer query looks at: those in `(end − range, end]`, by their own times. */
export interface SubqueryWindows {
  readonly windowEnd: (outer: Milliseconds) => Milliseconds;
  readonly range: Milliseconds;
}

/** Counts a subquery's samples for the outer steps that look at them; those between windows count for none. */
export function countSubquery(ctx: EvalContext, inner: EvalContext, windows: SubqueryWindows): void {
  const { counts } = ctx;
  if (!counts || !inner.counts) return;
  counts.series += inner.counts.series;
  let [from, to] = [0, 0];
  for (let step = 0; step < ctx.steps; step++) {
    const end = windows.windowEnd(timeAt(ctx, step));
    const lastTo = to;
    while (from < inner.steps && timeAt(inner, from) <= end - windows.range) from++;
    to = Math.max(from, to);
    while (to < inner.steps && timeAt(inner, to) <= end) to++;
    counts.total[step]! += sum(inner.counts.total, from, to);
    counts.read[step]! += sum(inner.counts.read, Math.max(from, lastTo), to);
  }
}

function sum(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]!;
  return total;
}
