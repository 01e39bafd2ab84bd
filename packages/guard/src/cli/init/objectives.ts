import type { Ratio } from '../../core/index.ts';

/**
 * Objectives that are offered, the strictest first. None lies below 95 %, where the article's fast alert would wait
 * for an almost total outage, and none above 99.9 %, which history alone is no reason to promise.
 */
const LADDER: readonly Ratio[] = [0.999, 0.995, 0.99, 0.95];
/** Without any traffic to judge by. */
const UNKNOWN: Ratio = 0.99;
/** Of the budget, what the past may have spent at most. */
const SPENT = 0.5;

/** The strictest objective that would have left half of its budget. */
export function objectiveFor(good: number, all: number): Ratio {
  if (all === 0) return UNKNOWN;
  const errors = 1 - good / all;
  return LADDER.find(objective => errors <= SPENT * (1 - objective)) ?? LADDER.at(-1)!;
}
