import type { Milliseconds } from '../../core/index.ts';
import type { Samples } from '../storage.ts';
import { addTo, type KahanSum } from './kahan.ts';

const zero = (): KahanSum => ({ sum: 0, compensation: 0 });
const total = ({ sum, compensation }: KahanSum): number => sum + compensation;

/** Least squares over samples `[start, end)`; the intercept is the line's value at `at`. */
export function linearRegression(
  { timestamps, values }: Samples,
  start: number,
  end: number,
  at: Milliseconds,
): { slope: number; intercept: number } {
  const [x, y, xy, xx] = [zero(), zero(), zero(), zero()];
  const first = values[start]!;
  let constant = true;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (i > start && value !== first) constant = false;
    const time = (timestamps[i]! - at) / 1e3;
    addTo(x, time);
    addTo(y, value);
    addTo(xy, time * value);
    addTo(xx, time * time);
  }
  if (constant)
    return Math.abs(first) === Number.POSITIVE_INFINITY
      ? { slope: Number.NaN, intercept: Number.NaN }
      : { slope: 0, intercept: first };
  const count = end - start;
  const [sumX, sumY] = [total(x), total(y)];
  const slope = (total(xy) - (sumX * sumY) / count) / (total(xx) - (sumX * sumX) / count);
  return { slope, intercept: sumY / count - (slope * sumX) / count };
}
