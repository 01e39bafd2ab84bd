import type { SloSummary } from '../../../guard/src/server/console-types.ts';

/** How long the rest of a budget lasts at a burn rate. */
export interface BudgetOutlook {
  window: string;
  burn: number;
  /** In the SLO's own time, as its period. */
  secondsLeft: number;
}

/**
 * At burn b a period's whole budget lasts period / b, and its rest that share of it: at 14.4 a 30-day budget lasts
 * 50 hours. Taken from the shortest window, which shows a change first. Undefined unless the budget is being spent
 * faster than it may be and some of it is left.
 */
export function budgetOutlook(slo: SloSummary): BudgetOutlook | undefined {
  const { remaining } = slo.budget;
  const shortest = slo.burnRates.find(rate => rate.value !== null);
  if (remaining === null || remaining <= 0 || !shortest || shortest.value === null) return undefined;
  if (shortest.value <= 1) return undefined;
  const secondsLeft = (remaining * slo.windowSeconds) / shortest.value;
  return { window: shortest.window, burn: shortest.value, secondsLeft };
}
