import type { Milliseconds } from '../../core/index.ts';
import type { Samples } from '../storage.ts';

/** How a selector counts samples around its borders; see Prometheus's "extended range selectors". */
export type Modifier = 'anchored' | 'smoothed';

/**
 * The samples that count for a range, by index: from the newest one at or before its start, or the first one there is,
 * to the last one in it, or with `smoothed` the first one at or after its end.
 */
export interface Extent {
  readonly first: number;
  readonly last: number;
  /** The values at the range's two ends. */
  readonly left: number;
  readonly right: number;
}

/** A range, and the samples around it that the lookback allows to see. */
export interface ExtendedWindow {
  readonly samples: Samples;
  readonly modifier: Modifier;
  /** The range's ends, of which the first does not belong to it. */
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

/** Undefined where nothing can be said (extendedRate of promql/functions.go, extendFloats of promql/engine.go). */
export function extentOf(window: ExtendedWindow, isCounter: boolean): Extent | undefined {
  const { samples, modifier, from, to } = window;
  const { timestamps, values, start, end } = samples;
  if (start === end) return undefined;
  const isSmoothed = modifier === 'smoothed';
  const first = Math.max(start, search(timestamps, start, end - 1, time => time > from) - 1);
  const last = isSmoothed ? search(timestamps, start, end - 1, time => time >= to) : end - 1;
  if (timestamps[last]! <= from || (isSmoothed && timestamps[first]! > to)) return undefined;
  const isBefore = timestamps[first]! < from;
  const isAfter = timestamps[last]! > to && last > start;
  return {
    first,
    last,
    left: isSmoothed && isBefore ? interpolate(samples, first, from, isCounter) : values[first]!,
    right: isAfter ? interpolate(samples, last - 1, to, isCounter) : values[last]!,
  };
}

/** The first index in `[from, end)` for which `holds`, which is false and then true; `end` when it never is. */
function search(
  timestamps: Float64Array,
  from: number,
  end: number,
  holds: (time: Milliseconds) => boolean,
): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(timestamps[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The value at an instant on the line from a sample to the next; a counter that was reset rises from 0. */
export function interpolate(
  { timestamps, values }: Samples,
  index: number,
  at: Milliseconds,
  isCounter: boolean,
): number {
  const end = values[index + 1]!;
  const start = isCounter && end < values[index]! ? 0 : values[index]!;
  const [time, next] = [timestamps[index]!, timestamps[index + 1]!];
  return start + ((end - start) * (at - time)) / (next - time);
}

/** The samples strictly inside a range, by index: the first, and the one after the last. */
export function insideOf(
  { samples: { timestamps }, from, to }: ExtendedWindow,
  { first, last }: Extent,
): readonly [start: number, end: number] {
  return [timestamps[first]! <= from ? first + 1 : first, timestamps[last]! >= to ? last : last + 1];
}
