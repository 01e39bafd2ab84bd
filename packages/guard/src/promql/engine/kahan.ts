/**
 * A sum with Neumaier's compensation, kept apart so that results are those of Prometheus to the last bit
 * (util/kahansum). Reused rather than made anew, for speed.
 */
export interface KahanSum {
  sum: number;
  compensation: number;
}

export function addTo(target: KahanSum, value: number): void {
  const { sum } = target;
  const total = sum + value;
  if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) target.compensation = 0;
  else if (Math.abs(sum) >= Math.abs(value)) target.compensation += sum - total + value;
  else target.compensation += value - total + sum;
  target.sum = total;
}

const isInfinite = (value: number): boolean =>
  value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;

/** The mean as Prometheus computes it: sum and divide, and incrementally once the sum would overflow. */
export interface MeanState extends KahanSum {
  count: number;
  incremental: boolean;
}

export const startMean = (first: number): MeanState => ({
  sum: first,
  compensation: 0,
  count: 1,
  incremental: false,
});

export function addToMean(state: MeanState, value: number): void {
  state.count++;
  if (!state.incremental) {
    const { sum, compensation } = state;
    addTo(state, value);
    if (!isInfinite(state.sum)) return;
    state.incremental = true;
    state.sum = sum / (state.count - 1);
    state.compensation = compensation / (state.count - 1);
  }
  const share = (state.count - 1) / state.count;
  state.sum *= share;
  state.compensation *= share;
  addTo(state, value / state.count);
}

export const meanOf = (state: MeanState): number =>
  state.incremental
    ? state.sum + state.compensation
    : state.sum / state.count + state.compensation / state.count;
