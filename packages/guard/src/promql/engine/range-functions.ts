import type { Milliseconds } from '../../core/index.ts';
import type { Samples } from '../storage.ts';
import {
  byChanges,
  byEnds,
  byEndsOfRise,
  byMax,
  byMin,
  byResets,
  bySum,
  type CondenseWindow,
} from './condense.ts';
import { addTo, addToMean, meanOf, startMean } from './kahan.ts';
import { quantileOf } from './quantile.ts';
import { rateFunction } from './rate.ts';
import { linearRegression } from './regression.ts';

/** A window: samples `[start, end)`, at least one, all after `rangeStart` and none after `rangeEnd`. */
export interface RangeWindow {
  start: number;
  end: number;
  /** Samples that the window has: more than stand there when some stand for many (see `condense.ts`). */
  count: number;
  /** Changes or resets between neighbours that the samples there do not show. */
  pairs: number;
  rangeStart: Milliseconds;
  rangeEnd: Milliseconds;
  /** The step's own time, which an offset or `@` parts from `rangeEnd`. */
  time: Milliseconds;
  /** The scalar argument at this step; NaN for functions without one. */
  scalar: number;
}

/** A function's value on a window; undefined for none. */
export type WindowFunction = (window: Readonly<RangeWindow>) => number | undefined;

/**
 * Given all samples of one series (free of staleness markers) that its windows may lie in. What is prepared there,
 * such as the list of counter resets, serves every window.
 */
export type PrepareWindows = (samples: Samples) => WindowFunction;

export interface RangeFunction {
  readonly prepare: PrepareWindows;
  /** What may stand for a run of samples within a window; without it every sample is read. */
  readonly condense?: CondenseWindow;
}

const extreme =
  (isBetter: (value: number, best: number) => boolean): PrepareWindows =>
  ({ values }) =>
  ({ start, end }) => {
    let best = values[start]!;
    for (let i = start; i < end; i++) {
      const value = values[i]!;
      if (isBetter(value, best) || Number.isNaN(best)) best = value;
    }
    return best;
  };

const sumOverTime: PrepareWindows =
  ({ values }) =>
  ({ start, end }) => {
    const total = { sum: 0, compensation: 0 };
    for (let i = start; i < end; i++) addTo(total, values[i]!);
    return Math.abs(total.sum) === Number.POSITIVE_INFINITY ? total.sum : total.sum + total.compensation;
  };

const avgOverTime: PrepareWindows =
  ({ values }) =>
  ({ start, end, count }) => {
    const mean = startMean(values[start]!);
    for (let i = start + 1; i < end; i++) addToMean(mean, values[i]!);
    // Sums that stand for many samples never come near the overflow that the incremental mean is for.
    if (!mean.incremental) mean.count = count;
    return meanOf(mean);
  };

function variance(values: Float64Array, start: number, end: number): number {
  const mean = { sum: 0, compensation: 0 };
  const squares = { sum: 0, compensation: 0 };
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    const delta = value - (mean.sum + mean.compensation);
    addTo(mean, delta / (i - start + 1));
    addTo(squares, delta * (value - (mean.sum + mean.compensation)));
  }
  return (squares.sum + squares.compensation) / (end - start);
}

/** Counts the pairs of neighbours for which `differs` holds. */
const countPairs =
  (differs: (previous: number, current: number) => boolean): PrepareWindows =>
  ({ values }) =>
  ({ start, end, pairs }) => {
    let count = pairs;
    for (let i = start + 1; i < end; i++) if (differs(values[i - 1]!, values[i]!)) count++;
    return count;
  };

const lastPair =
  (isRate: boolean): PrepareWindows =>
  ({ timestamps, values }) =>
  ({ start, end }) => {
    if (end - start < 2) return undefined;
    const last = values[end - 1]!;
    const previous = values[end - 2]!;
    const interval = timestamps[end - 1]! - timestamps[end - 2]!;
    if (interval === 0) return undefined;
    // After a counter reset the whole of the last value is the increase.
    const increase = isRate && last < previous ? last : last - previous;
    return isRate ? increase / (interval / 1000) : increase;
  };

const deriv: PrepareWindows =
  samples =>
  ({ start, end }) =>
    end - start < 2 ? undefined : linearRegression(samples, start, end, samples.timestamps[start]!).slope;

const predictLinear: PrepareWindows =
  samples =>
  ({ start, end, time, scalar }) => {
    if (end - start < 2) return undefined;
    const { slope, intercept } = linearRegression(samples, start, end, time);
    return slope * scalar + intercept;
  };

const present: PrepareWindows = () => () => 1;

const isChange = (previous: number, current: number) =>
  current !== previous && !(Number.isNaN(current) && Number.isNaN(previous));
const isReset = (previous: number, current: number) => current < previous;

const quantileOverTime: PrepareWindows =
  ({ values }) =>
  ({ start, end, scalar }) =>
    quantileOf(scalar, values.slice(start, end));

const deviation: PrepareWindows =
  ({ values }) =>
  ({ start, end }) =>
    Math.sqrt(variance(values, start, end));

/** Every function of a range vector and at most one scalar. */
export const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map<string, RangeFunction>([
  ['rate', { prepare: rateFunction({ isCounter: true, perSecond: true }), condense: byEndsOfRise }],
  ['increase', { prepare: rateFunction({ isCounter: true, perSecond: false }), condense: byEndsOfRise }],
  ['delta', { prepare: rateFunction({ isCounter: false, perSecond: false }), condense: byEnds }],
  ['irate', { prepare: lastPair(true) }],
  ['idelta', { prepare: lastPair(false) }],
  ['changes', { prepare: countPairs(isChange), condense: byChanges(isChange) }],
  ['resets', { prepare: countPairs(isReset), condense: byResets }],
  ['deriv', { prepare: deriv }],
  ['predict_linear', { prepare: predictLinear }],
  ['sum_over_time', { prepare: sumOverTime, condense: bySum }],
  ['avg_over_time', { prepare: avgOverTime, condense: bySum }],
  ['min_over_time', { prepare: extreme((value, best) => value < best), condense: byMin }],
  ['max_over_time', { prepare: extreme((value, best) => value > best), condense: byMax }],
  ['count_over_time', { prepare: () => window => window.count, condense: byEnds }],
  [
    'first_over_time',
    {
      prepare:
        samples =>
        ({ start }) =>
          samples.values[start]!,
      condense: byEnds,
    },
  ],
  [
    'last_over_time',
    {
      prepare:
        samples =>
        ({ end }) =>
          samples.values[end - 1]!,
      condense: byEnds,
    },
  ],
  [
    'stdvar_over_time',
    {
      prepare:
        samples =>
        ({ start, end }) =>
          variance(samples.values, start, end),
    },
  ],
  ['stddev_over_time', { prepare: deviation }],
  ['quantile_over_time', { prepare: quantileOverTime }],
  ['present_over_time', { prepare: present, condense: byEnds }],
  ['absent_over_time', { prepare: present, condense: byEnds }],
]);

/** These act like an offset, so that the metric is still the same one. */
export const KEEPS_NAME: ReadonlySet<string> = new Set(['first_over_time', 'last_over_time']);
