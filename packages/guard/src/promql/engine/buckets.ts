import { almostEqual } from '../almost-equal.ts';
import type { MonotonicityFix } from './annotations.ts';

/** A classic histogram's bucket: how many observations were at most `upperBound`. */
export interface Bucket {
  readonly upperBound: number;
  count: number;
}

/** Differences below this share are rounding, not a counter that went down (promql/quantile.go). */
const SMALL_DELTA = 1e-12;

/** The φ-quantile, interpolated linearly within its bucket. `fix` tells of counts that had to be raised. */
export function bucketQuantile(q: number, given: Bucket[]): { value: number; fix?: MonotonicityFix } {
  if (Number.isNaN(q)) return { value: Number.NaN };
  if (q < 0) return { value: Number.NEGATIVE_INFINITY };
  if (q > 1) return { value: Number.POSITIVE_INFINITY };
  const buckets = coalesce(given);
  if (buckets.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) return { value: Number.NaN };
  const fix = makeMonotonic(buckets);
  const value = buckets.length < 2 ? Number.NaN : interpolate(q, buckets);
  return fix ? { value, fix } : { value };
}

function interpolate(q: number, buckets: Bucket[]): number {
  const last = buckets.length - 1;
  const observations = buckets[last]!.count;
  if (observations === 0) return Number.NaN;
  let rank = q * observations;
  let index = firstWithRank(buckets, last, rank);
  if (index === last) return buckets[last - 1]!.upperBound;
  if (index === 0 && buckets[0]!.upperBound <= 0) return buckets[0]!.upperBound;
  const { upperBound: end } = buckets[index]!;
  let { count } = buckets[index]!;
  let start = 0;
  if (index > 0) {
    const below = buckets[--index]!;
    start = below.upperBound;
    count -= below.count;
    rank -= below.count;
  }
  return start + (end - start) * (rank / count);
}

/** Binary search as Prometheus does it, which matters when counts are NaN. */
function firstWithRank(buckets: Bucket[], end: number, rank: number): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (buckets[middle]!.count >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorted by bound; buckets of one bound become one. */
function coalesce(given: Bucket[]): Bucket[] {
  const buckets: Bucket[] = [];
  for (const bucket of given.sort((a, b) =>
    a.upperBound < b.upperBound ? -1 : a.upperBound > b.upperBound ? 1 : 0,
  )) {
    const last = buckets.at(-1);
    if (last && last.upperBound === bucket.upperBound) last.count += bucket.count;
    else buckets.push({ ...bucket });
  }
  return buckets;
}

function makeMonotonic(buckets: Bucket[]): MonotonicityFix | undefined {
  let previous = buckets[0]!.count;
  let fix: MonotonicityFix | undefined;
  for (const bucket of buckets.slice(1)) {
    const { count, upperBound } = bucket;
    if (count === previous) continue;
    if (almostEqual(previous, count, SMALL_DELTA)) bucket.count = previous;
    else if (count < previous) {
      bucket.count = previous;
      fix = {
        minBucket: Math.min(fix?.minBucket ?? upperBound, upperBound),
        maxBucket: Math.max(fix?.maxBucket ?? upperBound, upperBound),
        maxDiff: Math.max(fix?.maxDiff ?? 0, previous - count),
      };
    } else previous = count;
  }
  return fix;
}

/** The share of observations between two bounds, interpolated linearly. */
export function bucketFraction(lower: number, upper: number, given: Bucket[]): number {
  const buckets = coalesce(given);
  const total = buckets.at(-1);
  if (total?.upperBound !== Number.POSITIVE_INFINITY) return Number.NaN;
  if (total.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankAt(upper, buckets, total.count) - rankAt(lower, buckets, total.count)) / total.count;
}

/** How many observations lie below a value. */
function rankAt(value: number, buckets: Bucket[], total: number): number {
  // Without a bucket at or below zero, the first one is taken to begin at zero.
  let lowerBound = buckets[0]!.upperBound <= 0 ? Number.NEGATIVE_INFINITY : 0;
  let below = 0;
  for (const { upperBound, count } of buckets) {
    if (lowerBound >= value) return Math.min(below, total);
    if (upperBound > value) {
      // A bucket without a lower end cannot be interpolated: it counts whole.
      const rank =
        lowerBound === Number.NEGATIVE_INFINITY
          ? count
          : below + ((count - below) * (value - lowerBound)) / (upperBound - lowerBound);
      return Math.min(rank, total);
    }
    lowerBound = upperBound;
    below = count;
  }
  return total;
}
