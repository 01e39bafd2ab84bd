import { formatDuration, type Milliseconds } from '../core/index.ts';

/** Every series name that is generated, in one place: rules, dashboards and drills read the same. */
export const SERIES = {
  /** Events a second. */
  total: 'slo:sli_total:rate5m',
  /** Bad events a second. */
  errors: 'slo:sli_errors:rate5m',
  objective: 'slo:objective:ratio',
  window: 'slo:window:seconds',
  threshold: 'slo:burn_rate_threshold:ratio',
  /** 1 untouched, 0 spent, below 0 overspent. */
  budgetRemaining: 'slo:error_budget_remaining:ratio',
  /** How much of the SLO's window the budget has seen, in seconds. */
  budgetCoverage: 'slo:error_budget_coverage:seconds',
} as const;

/** `slo:burn_rate:5m` */
export const burnRateSeries = (window: Milliseconds): string => `slo:burn_rate:${formatDuration(window)}`;
