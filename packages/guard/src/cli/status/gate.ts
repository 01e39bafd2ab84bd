import {
  formatDuration,
  formatFloat,
  type Milliseconds,
  parseDuration,
  type Ratio,
} from '../../core/index.ts';
import { humanDuration } from '../human-duration.ts';
import type { SloStatus } from './model.ts';
import { budgetText } from './render-status.ts';

/** What must hold for a deployment. */
export interface GateLimits {
  /** At least so much of the budget must be left. */
  readonly minBudget: Ratio;
  /** No more than this burn rate over `burnWindow`; undefined for any. */
  readonly maxBurn: number | undefined;
  readonly burnWindow: Milliseconds;
  /** The budget must have seen at least this long; undefined for any. */
  readonly minCoverage: Milliseconds | undefined;
  /** Whether a firing page refuses too. */
  readonly heedsPages: boolean;
}

export interface GateVerdict {
  readonly status: SloStatus;
  /** Why it refuses; empty when it lets pass. */
  readonly reasons: readonly string[];
}

/** Judges each objective. What has no data is refused: nobody knows whether there is a budget. */
export const judgeGate = (statuses: readonly SloStatus[], limits: GateLimits): GateVerdict[] =>
  statuses.map(status => ({
    status,
    reasons: [budget, burn, coverage, pages].flatMap(check => check(status, limits) ?? []),
  }));

type Check = (status: SloStatus, limits: GateLimits) => string | undefined;

const budget: Check = ({ budgetRemaining }, { minBudget }) => {
  if (budgetRemaining === null) return 'no data: the budget is not recorded';
  if (minBudget === 0)
    return budgetRemaining > 0 ? undefined : `the budget is spent: ${budgetText(budgetRemaining)} left`;
  return budgetRemaining >= minBudget
    ? undefined
    : `budget left is ${budgetText(budgetRemaining)}, below ${budgetText(minBudget)}`;
};

const burn: Check = ({ burnRates }, { maxBurn, burnWindow }) => {
  if (maxBurn === undefined) return undefined;
  const rate = burnRates.find(({ window }) => parseDuration(window) === burnWindow)?.rate ?? null;
  const window = formatDuration(burnWindow);
  if (rate === null) return `no data: there is no burn rate over ${window}`;
  return rate <= maxBurn
    ? undefined
    : `burn rate over ${window} is ${formatFloat(Number(rate.toPrecision(3)))}, above ${formatFloat(maxBurn)}`;
};

const coverage: Check = ({ coverageSeconds }, { minCoverage }) => {
  if (minCoverage === undefined || (coverageSeconds ?? 0) * 1000 >= minCoverage) return undefined;
  return `the budget has seen ${humanDuration(coverageSeconds ?? 0)}, less than ${formatDuration(minCoverage)}`;
};

const pages: Check = ({ alerts }, { heedsPages }) => {
  const firing = alerts.filter(({ severity, state }) => severity === 'page' && state === 'firing');
  return heedsPages && firing.length > 0
    ? `firing: ${firing.map(({ alertname }) => alertname).join(', ')}`
    : undefined;
};
