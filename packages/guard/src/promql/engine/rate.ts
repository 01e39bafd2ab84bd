import type { Samples } from '../storage.ts';
import type { PrepareWindows } from './range-functions.ts';
import { firstAfter } from './windows.ts';

/** rate, increase and delta (extrapolatedRate of promql/functions.go). */
export function rateFunction(options: { isCounter: boolean; perSecond: boolean }): PrepareWindows {
  const { isCounter, perSecond } = options;
  return samples => {
    const { timestamps, values } = samples;
    const resets = isCounter ? resetsOf(samples) : NO_RESETS;
    let cursor = 0;
    return ({ start, end, count, rangeStart, rangeEnd }) => {
      if (count < 2) return undefined;
      const first = values[start]!;
      const last = end - 1;
      let increase = values[last]! - first;
      // Windows slide forward: the first reset inside this one is at or after that of the one before.
      cursor = firstAfter(resets, cursor, resets.length, start);
      for (let i = cursor; i < resets.length && resets[i]! < end; i++) increase += values[resets[i]! - 1]!;
      const interval = (timestamps[last]! - timestamps[start]!) / 1000;
      const covered =
        interval +
        leftExtrapolation(
          first,
          increase,
          interval,
          (timestamps[start]! - rangeStart) / 1000,
          count - 1,
          isCounter,
        ) +
        rightExtrapolation(interval / (count - 1), (rangeEnd - timestamps[last]!) / 1000);
      const factor = interval === 0 ? 1 : covered / interval;
      return increase * (perSecond ? factor / ((rangeEnd - rangeStart) / 1000) : factor);
    };
  };
}

const NO_RESETS = new Float64Array(0);

/** Indices of samples that are lower than the one before. */
function resetsOf({ values, start, end }: Samples): Float64Array {
  const indices: number[] = [];
  for (let i = start + 1; i < end; i++) if (values[i]! < values[i - 1]!) indices.push(i);
  return indices.length === 0 ? NO_RESETS : Float64Array.from(indices);
}

/** Up to 1.1 average intervals count as "the series goes on"; beyond, half an interval is guessed. */
const CLOSE_ENOUGH = 1.1;

function rightExtrapolation(average: number, toEnd: number): number {
  return toEnd >= average * CLOSE_ENOUGH ? average / 2 : toEnd;
}

function leftExtrapolation(
  first: number,
  increase: number,
  interval: number,
  toStart: number,
  gaps: number,
  isCounter: boolean,
): number {
  const average = interval / gaps;
  const left = toStart >= average * CLOSE_ENOUGH ? average / 2 : toStart;
  if (!isCounter || !(increase > 0) || !(first >= 0)) return left;
  // A counter is never negative: it is not extrapolated beyond the instant it would have been zero.
  const toZero = interval * (first / increase);
  // Infinities give NaN here, which Math.min would hand on.
  if (toZero < left) return toZero;
  return left;
}
