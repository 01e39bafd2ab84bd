import { isStaleAt, type RunSummary } from '../promql/storage.ts';

/** Floats of a stored summary, in the order of `RunSummary` after its times and count. */
export const SUMMARY_FLOATS = 7;

/** See `RunSummary.sum`. */
const LARGEST_EXACT = 2 ** 52;

const isPlainInteger = (value: number) => Number.isInteger(value) && !Object.is(value, -0);

/**
 * What the first `count` samples (at least 1) come to, as a column to store; undefined when there are staleness
 * markers among them, since a summary says nothing of where they lie.
 */
export function summarise(values: Float64Array, count: number): Float64Array | undefined {
  let min = Number.NaN;
  let max = Number.NaN;
  let sum = 0;
  let size = 0;
  let isExact = true;
  let changes = 0;
  let resets = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (isStaleAt(values, i)) return undefined;
    if (value < min || Number.isNaN(min)) min = value;
    if (value > max || Number.isNaN(max)) max = value;
    isExact &&= isPlainInteger(value);
    sum += value;
    size += Math.abs(value);
    if (i === 0) continue;
    const previous = values[i - 1]!;
    if (value !== previous && !(Number.isNaN(value) && Number.isNaN(previous))) changes++;
    if (value < previous) resets++;
  }
  const exactSum = isExact && size < LARGEST_EXACT ? sum : Number.NaN;
  return Float64Array.of(values[0]!, values[count - 1]!, min, max, exactSum, changes, resets);
}

/** Reads a stored summary into `target`. */
export function readSummary(floats: Float64Array, at: number, target: RunSummary): void {
  target.first = floats[at]!;
  target.last = floats[at + 1]!;
  target.min = floats[at + 2]!;
  target.max = floats[at + 3]!;
  target.sum = floats[at + 4]!;
  target.changes = floats[at + 5]!;
  target.resets = floats[at + 6]!;
}
