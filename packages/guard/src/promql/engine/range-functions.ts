import type { Milliseconds } from '../../core/index.ts';
import type { Samples } from '../storage.ts';
import { addTo, addToMean, meanOf, startMean } from './kahan.ts';
import { quantileOf } from './quantile.ts';
import { rateFunction } from './rate.ts';
import { linearRegression } from './regression.ts';

/** A window: samples `[start, end)`, at least one, all after `rangeStart` and none after `rangeEnd`. */
export interface RangeWindow {
  start: number;
  end: number;
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
 * A range function, given all samples of one series (free of staleness markers) that its windows may lie in. What it
 * prepares there, such as the list of counter resets, serves every window.
 */
export type RangeFunction = (samples: Samples) => WindowFunction;

const extreme =
  (isBetter: (value: number, best: number) => boolean): RangeFunction =>
  ({ values }) =>
  ({ start, end }) => {
    let best = values[start]!;
    for (let i = start; i < end; i++) {
      const value = values[i]!;
      if (isBetter(value, best) || Number.isNaN(best)) best = value;
    }
    return best;
  };

const sumOverTime: RangeFunction =
  ({ values }) =>
  ({ start, end }) => {
    const total = { sum: 0, compensation: 0 };
    for (let i = start; i < end; i++) addTo(total, values[i]!);
    return Math.abs(total.sum) === Number.POSITIVE_INFINITY ? total.sum : total.sum + total.compensation;
  };

const avgOverTime: RangeFunction =
  ({ values }) =>
  ({ start, end }) => {
    const mean = startMean(values[start]!);
    for (let i = start + 1; i < end; i++) addToMean(mean, values[i]!);
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
  (differs: (previous: number, current: number) => boolean): RangeFunction =>
  ({ values }) =>
  ({ start, end }) => {
    let count = 0;
    for (let i = start + 1; i < end; i++) if (differs(values[i - 1]!, values[i]!)) count++;
    return count;
  };

const lastPair =
  (isRate: boolean): RangeFunction =>
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

const deriv: RangeFunction =
  samples =>
  ({ start, end }) =>
    end - start < 2 ? undefined : linearRegression(samples, start, end, samples.timestamps[start]!).slope;

const predictLinear: RangeFunction =
  samples =>
  ({ start, end, time, scalar }) => {
    if (end - start < 2) return undefined;
    const { slope, intercept } = linearRegression(samples, start, end, time);
    return slope * scalar + intercept;
  };

const present: RangeFunction = () => () => 1;

/** Every function of a range vector and at most one scalar. */
export const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map<string, RangeFunction>([
  ['rate', rateFunction({ isCounter: true, perSecond: true })],
  ['increase', rateFunction({ isCounter: true, perSecond: false })],
  ['delta', rateFunction({ isCounter: false, perSecond: false })],
  ['irate', lastPair(true)],
  ['idelta', lastPair(false)],
  ['changes', countPairs((a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b)))],
  ['resets', countPairs((a, b) => b < a)],
  ['deriv', deriv],
  ['predict_linear', predictLinear],
  ['sum_over_time', sumOverTime],
  ['avg_over_time', avgOverTime],
  ['min_over_time', extreme((value, best) => value < best)],
  ['max_over_time', extreme((value, best) => value > best)],
  [
    'count_over_time',
    () =>
      ({ start, end }) =>
        end - start,
  ],
  [
    'first_over_time',
    ({ values }) =>
      ({ start }) =>
        values[start]!,
  ],
  [
    'last_over_time',
    ({ values }) =>
      ({ end }) =>
        values[end - 1]!,
  ],
  [
    'stdvar_over_time',
    ({ values }) =>
      ({ start, end }) =>
        variance(values, start, end),
  ],
  [
    'stddev_over_time',
    ({ values }) =>
      ({ start, end }) =>
        Math.sqrt(variance(values, start, end)),
  ],
  [
    'quantile_over_time',
    ({ values }) =>
      ({ start, end, scalar }) =>
        quantileOf(scalar, values.slice(start, end)),
  ],
  ['present_over_time', present],
  ['absent_over_time', present],
]);

/** These act like an offset, so that the metric is still the same one. */
export const KEEPS_NAME: ReadonlySet<string> = new Set(['first_over_time', 'last_over_time']);
