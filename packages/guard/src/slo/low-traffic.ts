import { type Ratio, toSeconds } from '../core/index.ts';
import { errorRatioThreshold } from './budget.ts';
import type { BurnTier, Policy } from './policies/policy.ts';

/** Relative; keeps 1/θ of a threshold such as 0.0144 from landing beside a whole number by the noise of doubles. */
const NOISE = 1e-9;

/**
 * The fewest events among which `failures` failures do not exceed the tier's threshold: ⌈failures / θ⌉ with
 * θ = burn × (1 − objective). Fewer events in a window tell nothing: there, that many failures alone are above it
 * (SRE Workbook, chapter 5, "Low-Traffic Services and Error Budget Alerting").
 */
export const leastEvents = (objective: Ratio, burn: number, failures = 1): number =>
  Math.ceil((failures / errorRatioThreshold(objective, burn)) * (1 - NOISE));

/** The fewest failures, all of them recent, that make the tier fire at a steady rate: its long window decides. */
export const failuresToFire = (objective: Ratio, tier: BurnTier, eventsPerSecond: number): number => {
  const events = eventsPerSecond * toSeconds(tier.longWindow);
  return Math.max(1, Math.floor(errorRatioThreshold(objective, tier.burn) * events * (1 + NOISE)) + 1);
};

/** The rate, in events a second, below which one failure fires the tier. */
export const leastRate = (objective: Ratio, { burn, longWindow }: BurnTier): number =>
  leastEvents(objective, burn) / toSeconds(longWindow);

/**
 * The number of events in the short window below which pages should be held back: with as many, one failure alone
 * does not reach the threshold of any page, however the events are spread. Undefined when no tier pages.
 */
export function recommendedMinimumEvents(objective: Ratio, { tiers }: Policy): number | undefined {
  const pages = tiers.filter(({ severity }) => severity === 'page');
  if (pages.length === 0) return undefined;
  return Math.max(...pages.map(({ burn }) => leastEvents(objective, burn)));
}
