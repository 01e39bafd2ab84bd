import { type Milliseconds, type Ratio, ratio, type Seconds, toSeconds } from '../core/index.ts';

/** An objective over its window. */
export interface Objective {
  readonly objective: Ratio;
  readonly window: Milliseconds;
}

/** Decimals that a double just below 1 still has; those after are noise of the subtraction. */
const DECIMALS = 15;

/** The share of events that may fail, 1 − objective, without the noise of doubles: 0.01 for 0.99. */
export const errorBudget = (objective: Ratio): Ratio => ratio(Number((1 - objective).toFixed(DECIMALS)));

/**
 * How long a total outage may last in one window under steady traffic: 432 minutes for 99 % over 30 days
 * (SRE Workbook, chapter 2, "error budget").
 */
export const budgetDuration = ({ objective, window }: Objective): Seconds =>
  errorBudget(objective) * toSeconds(window);

/**
 * How many events may fail in one window: 7.2 at 10 an hour and 99.9 % over 30 days (SRE Workbook, chapter 5,
 * "Low-Traffic Services and Error Budget Alerting").
 */
export const budgetEvents = ({ objective, window }: Objective, eventsPerSecond: number): number =>
  errorBudget(objective) * toSeconds(window) * eventsPerSecond;

/**
 * How long a budget lasts at a constant burn rate: 50 h at 14.4 over 30 days (SRE Workbook, chapter 5, table 5-4).
 * Infinity when nothing burns, 0 when nothing is left.
 *
 * @param remaining the share of the budget that is left; all of it by default
 */
export const timeToExhaust = (window: Milliseconds, burn: number, remaining: Ratio = 1): Seconds =>
  remaining <= 0 ? 0 : (toSeconds(window) * remaining) / burn;

/** The share of the window's budget that is gone when the burn rate has held for `duration`. May exceed 1. */
export const budgetSpent = (window: Milliseconds, burn: number, duration: Milliseconds): Ratio =>
  (burn * duration) / window;

/** The burn rate of an error ratio: 1 spends the budget in exactly the window (SRE Workbook, chapter 5). */
export const burnRate = (objective: Ratio, errorRatio: Ratio): number => errorRatio / errorBudget(objective);

/** The burn rate when everything fails, 1 / (1 − objective); a threshold that is not below it never fires. */
export const highestBurnRate = (objective: Ratio): number => 1 / errorBudget(objective);

/** The error ratio above which a window counts as burning: burn × (1 − objective). Above 1 it is unreachable. */
export const errorRatioThreshold = (objective: Ratio, burn: number): Ratio => burn * errorBudget(objective);
