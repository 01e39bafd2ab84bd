import { type Milliseconds, milliseconds } from '../../core/index.ts';
import type { BurnTier, Policy } from './policy.ts';

/** Digits of a burn rate that mean something; the rest is noise of the division. */
const BURN_DIGITS = 12;
const MINUTE: Milliseconds = 60_000;

/** The burn rate that spends a share of the budget within a window (SRE Workbook, chapter 5): share × period / window. */
export const burnOfShare = (share: number, window: Milliseconds, period: Milliseconds): number =>
  Number(((share * period) / window).toPrecision(BURN_DIGITS));

/** The share of the budget that a burn rate spends within a window: burn × window / period. */
export const shareOfBurn = (burn: number, window: Milliseconds, period: Milliseconds): number =>
  Number(((burn * window) / period).toPrecision(BURN_DIGITS));

/** The policy for an SLO window of `period`; the same policy when it already is. */
export function scalePolicy(policy: Policy, period: Milliseconds): Policy {
  if (period === policy.period) return policy;
  const scaled = policy.scaling === 'windows' ? scaledWindows : scaledBurn;
  return { ...policy, period, tiers: policy.tiers.map(tier => scaled(tier, policy.period, period)) };
}

const scaledBurn = (tier: BurnTier, _from: Milliseconds, period: Milliseconds): BurnTier => ({
  ...tier,
  burn: burnOfShare(tier.budgetShare, tier.longWindow, period),
});

/** Whole minutes, as Pyrra rounds them, and one at least. */
function scaledWindows(tier: BurnTier, from: Milliseconds, period: Milliseconds): BurnTier {
  const inMinutes = (length: Milliseconds) => Math.round((length * period) / from / MINUTE);
  const window = (length: Milliseconds) => milliseconds(Math.max(1, inMinutes(length)) * MINUTE);
  const longWindow = window(tier.longWindow);
  return {
    ...tier,
    shortWindow: window(tier.shortWindow),
    longWindow,
    for: milliseconds(inMinutes(tier.for) * MINUTE),
    budgetShare: shareOfBurn(tier.burn, longWindow, period),
  };
}
