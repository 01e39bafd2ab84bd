import type { Milliseconds } from '../../core/index.ts';
import { isStaleAt, type Samples } from '../storage.ts';

/** The samples without staleness markers, which ranges never see; the same view where there are none. */
export function withoutStale(samples: Samples): Samples {
  const { values, start, end, unmarkedUntil = start } = samples;
  let first = Math.min(end, Math.max(start, unmarkedUntil));
  while (first < end && !isStaleAt(values, first)) first++;
  return first === end ? samples : compact(samples, first);
}

function compact({ timestamps, values, start, end }: Samples, firstStale: number): Samples {
  const keptTimes = timestamps.slice(start, end);
  const keptValues = values.slice(start, end);
  let kept = firstStale - start;
  for (let i = firstStale; i < end; i++) {
    if (isStaleAt(values, i)) continue;
    keptTimes[kept] = timestamps[i]!;
    keptValues[kept++] = values[i]!;
  }
  return { timestamps: keptTimes, values: keptValues, start: 0, end: kept };
}

/**
 * The first index in `[from, end)` whose timestamp is after `time`. Near hits are cheap, for windows that slide; so is
 * `guess`, where it is right: samples come at intervals, and windows at steps.
 */
export function firstAfter(
  timestamps: Float64Array,
  from: number,
  end: number,
  time: Milliseconds,
  guess = from,
): number {
  if (guess > from && guess < end && timestamps[guess - 1]! <= time && timestamps[guess]! > time)
    return guess;
  let low = from;
  let width = 1;
  while (low < end && timestamps[low]! <= time) {
    if (low + width >= end || timestamps[low + width]! > time) break;
    low += width;
    width *= 2;
  }
  let high = Math.min(end, low + width);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timestamps[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
