import type { Milliseconds, Ratio } from '../../core/index.ts';

export type Severity = 'page' | 'ticket';

/** One alert of a policy: it fires while the burn rate is above `burn` over both windows. */
export interface BurnTier {
  /** Ends the alert's name; unique within the policy. */
  readonly suffix: string;
  readonly severity: Severity;
  /** Multiple of the burn rate that spends the budget in exactly the SLO's window. */
  readonly burn: number;
  /** The share of the budget that is gone when the long window has burned at `burn`: burn × longWindow / period. */
  readonly budgetShare: Ratio;
  /** Ends the alert soon after the burning ends. Equal to `longWindow` where only one window is looked at. */
  readonly shortWindow: Milliseconds;
  readonly longWindow: Milliseconds;
  /** How long both must hold before it fires; 0, as the Workbook advises, for at once. */
  readonly for: Milliseconds;
  /** Receivers by name that are told, besides those that the routes choose; empty for the routes alone. */
  readonly notify: readonly string[];
}

/**
 * What changes when a policy is used for another period: `burn-rates`, so that each window still spends its share of
 * the budget (the Workbook, Sloth); `windows`, in proportion, so that each burn rate stays (Pyrra).
 */
export type Scaling = 'burn-rates' | 'windows';

/** How fast a budget may burn before somebody is told. */
export interface Policy {
  readonly name: string;
  /** Where its figures come from. */
  readonly source: string;
  /** The SLO window that `burn`, `budgetShare` and the windows of its tiers are for. */
  readonly period: Milliseconds;
  readonly scaling: Scaling;
  /** From the fastest to the slowest. */
  readonly tiers: readonly BurnTier[];
}

/** Every window of a policy once, shortest first. */
export const windowsOf = ({ tiers }: Policy): Milliseconds[] =>
  [...new Set(tiers.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]))].sort(
    (a, b) => a - b,
  );
