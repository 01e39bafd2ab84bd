import type { Milliseconds, Seconds } from '../core/index.ts';

/** An integer. Prometheus holds durations in nanoseconds, and its last digits follow from that. */
export type Nanoseconds = number;

/** How the durations of ranges, steps and offsets are held. */
export const roundToNanoseconds = (value: Seconds): Nanoseconds =>
  Math.sign(value) * Math.round(Math.abs(value) * 1e9);

/** How number literals that were written as durations are printed. */
export const truncateToNanoseconds = (value: Seconds): Nanoseconds => Math.trunc(value * 1e9);

/** Cut towards zero, as integers divide. */
export const toMilliseconds = (value: Nanoseconds): Milliseconds => Number(BigInt(value) / 1_000_000n);
