import { formatDuration, type Milliseconds } from '../../core/index.ts';

/** Sloth's names (pkg/common/conventions), which its dashboards ask for. */
export const GROUPS = {
  indicator: 'sloth-slo-sli-recordings-',
  metadata: 'sloth-slo-meta-recordings-',
  alerts: 'sloth-slo-alerts-',
} as const;

export const SERIES = {
  objective: 'slo:objective:ratio',
  errorBudget: 'slo:error_budget:ratio',
  periodDays: 'slo:time_period:days',
  currentBurnRate: 'slo:current_burn_rate:ratio',
  periodBurnRate: 'slo:period_burn_rate:ratio',
  budgetRemaining: 'slo:period_error_budget_remaining:ratio',
  info: 'sloth_slo_info',
} as const;

/** The recorded error ratio over a window: `slo:sli_error:ratio_rate5m`. */
export const errorRatio = (window: Milliseconds): string =>
  `slo:sli_error:ratio_rate${formatDuration(window)}`;

/** The release whose rules these are; the value of `sloth_version`. */
export const SLOTH_VERSION = 'v0.16.0';
