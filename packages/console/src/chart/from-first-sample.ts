import type { BurnAnswer } from '../../../guard/src/server/console-types.ts';

/**
 * Leaves out the time before anything was recorded, down to a span of `atLeast` milliseconds: on a stack that has just
 * been started the burn would else be a line at the right edge.
 */
export function fromFirstSample(burn: BurnAnswer, atLeast: number): BurnAnswer {
  const { timestamps, series, step } = burn;
  const first = timestamps.findIndex((_, i) => series.some(({ values }) => values[i] != null));
  const fewest = Math.ceil(atLeast / step) + 1;
  const from = Math.max(0, Math.min(first, timestamps.length - fewest));
  if (from === 0) return burn;
  return {
    step,
    timestamps: timestamps.slice(from),
    series: series.map(({ window, values }) => ({ window, values: values.slice(from) })),
  };
}
