import { type Milliseconds, parseDuration } from '../core/index.ts';

export type Severity = 'page' | 'ticket';

/** One alert of a policy: it fires while the burn rate is above `burn` over both windows. */
export interface BurnTier {
  /** Ends the alert's name; unique within the policy. */
  readonly suffix: string;
  readonly severity: Severity;
  /** Multiple of the burn rate that spends the budget in exactly the SLO's window. */
  readonly burn: number;
  readonly shortWindow: Milliseconds;
  readonly longWindow: Milliseconds;
}

/** How fast a budget may burn before somebody is told. */
export interface Policy {
  readonly name: string;
  /** Where its figures come from. */
  readonly source: string;
  /** The SLO window for which the burn rates were chosen. */
  readonly period: Milliseconds;
  readonly tiers: readonly BurnTier[];
}

const WORKBOOK =
  'Google, The Site Reliability Workbook, chapter 5 "Alerting on SLOs", section 6 "Multiwindow, Multi-Burn-Rate Alerts"';

const span = (text: string): Milliseconds => parseDuration(text)!;

const tier = (
  suffix: string,
  severity: Severity,
  burn: number,
  [shortWindow, longWindow]: readonly [string, string],
): BurnTier => ({
  suffix,
  severity,
  burn,
  shortWindow: span(shortWindow),
  longWindow: span(longWindow),
});

const TABLE = {
  /** Two tiers, as the demo's article has them; each is a row of the Workbook's table, the second as a ticket. */
  seed: {
    source: `the first two rows of the table in ${WORKBOOK}; the second row as a ticket`,
    tiers: [tier('Fast', 'page', 14.4, ['5m', '1h']), tier('Slow', 'ticket', 6, ['30m', '6h'])],
  },
  /** 2 % of the budget in 1 h, 5 % in 6 h, 10 % in 1 d and in 3 d. */
  'google-30d': {
    source: `${WORKBOOK}: its three recommended rows, and the 1 d row that chapter gives for tickets`,
    tiers: [
      tier('Fast', 'page', 14.4, ['5m', '1h']),
      tier('Medium', 'page', 6, ['30m', '6h']),
      tier('Slow', 'ticket', 3, ['2h', '1d']),
      tier('Creeping', 'ticket', 1, ['6h', '3d']),
    ],
  },
} as const satisfies Record<string, { source: string; tiers: readonly BurnTier[] }>;

export type PolicyName = keyof typeof TABLE;

export const POLICY_NAMES = Object.keys(TABLE) as PolicyName[];

export const isPolicyName = (name: string): name is PolicyName => Object.hasOwn(TABLE, name);

/** The built-in policy of that name. */
export const policyOf = (name: PolicyName): Policy => ({ name, period: span('30d'), ...TABLE[name] });

/** Every window of a policy once, shortest first. */
export const windowsOf = ({ tiers }: Policy): Milliseconds[] =>
  [...new Set(tiers.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]))].sort(
    (a, b) => a - b,
  );
