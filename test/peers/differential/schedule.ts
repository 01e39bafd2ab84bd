import type { Rng } from '../../../packages/guard/src/core/index.ts';
import { between, chance, pick } from './choose.ts';

/** Unix milliseconds: all samples lie in `[FROM, TO]`. */
export const FROM = Date.UTC(2026, 5, 1);
export const TO = FROM + 2 * 3_600_000;

const MINUTE = 60_000;

/** When a series has samples. */
export interface Schedule {
  readonly timestamps: readonly number[];
  /** Indices whose sample is a staleness marker. */
  readonly stale: ReadonlySet<number>;
}

/** One series' scrapes: steady or trembling, with scrapes left out, with gaps, late to come or early to go. */
export function schedule(rng: Rng): Schedule {
  // Every second: enough samples for chunks of all sizes and for windows that hold many of them.
  const interval = chance(rng, 0.1) ? 1_000 : pick(rng, [15_000, 15_000, 30_000, 60_000, 7_001]);
  const jitter = chance(rng, 0.3) ? pick(rng, [3, 400, 5_000]) : 0;
  const missing = chance(rng, 0.3) ? 0.1 : 0;
  const first = chance(rng, 0.2) ? FROM + between(rng, 1, 90) * MINUTE : FROM + rng.integer(interval);
  const last = chance(rng, 0.2) ? FROM + between(rng, 5, 110) * MINUTE : TO;
  const timestamps: number[] = [];
  const stale = new Set<number>();
  for (let at = first; at <= last; at += interval) {
    const trembling = at + (jitter > 0 ? rng.integer(jitter) : 0);
    if (chance(rng, missing) || trembling <= (timestamps.at(-1) ?? 0)) continue;
    timestamps.push(trembling);
    if (!chance(rng, 0.004)) continue;
    // Gone, and back after a while.
    stale.add(timestamps.length - 1);
    at += between(rng, 1, 15) * MINUTE;
  }
  if (timestamps.length > 0 && chance(rng, 0.3)) stale.add(timestamps.length - 1);
  return { timestamps: timestamps.length > 0 ? timestamps : [first], stale };
}
