/** The φ-quantile of values, which it sorts in place; NaN counts as the smallest (promql/quantile.go). */
export function quantileOf(q: number, values: Float64Array): number {
  const count = values.length;
  if (count === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  sortNanFirst(values);
  const rank = q * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  if (weight === 0) return values[lower]!;
  return values[lower]! * (1 - weight) + values[upper]! * weight;
}

/** Typed arrays sort NaN last, and negative zero before zero, which are equal to Prometheus and keep their order. */
function sortNanFirst(values: Float64Array): void {
  if (values.some(value => Object.is(value, -0))) values.sort(ascending);
  else values.sort();
  let nans = 0;
  while (nans < values.length && Number.isNaN(values[values.length - 1 - nans]!)) nans++;
  if (nans === 0) return;
  values.copyWithin(nans, 0, values.length - nans);
  values.fill(Number.NaN, 0, nans);
}

const ascending = (a: number, b: number) =>
  Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || Number(a > b) - Number(a < b);

/** Whether a warning is due about a quantile. */
export const isBadQuantile = (q: number): boolean => Number.isNaN(q) || q < 0 || q > 1;
