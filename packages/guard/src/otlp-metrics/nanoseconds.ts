import type { Milliseconds } from '../core/index.ts';

const PER_MILLISECOND = 1_000_000n;

/** OTLP's unsigned nanoseconds as a signed instant, cut to milliseconds; beyond the year 2262 it wraps, as in Go. */
export const toMilliseconds = (nanoseconds: bigint): Milliseconds =>
  Number(BigInt.asIntN(64, nanoseconds) / PER_MILLISECOND);
