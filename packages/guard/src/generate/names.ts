import { formatDuration, type Milliseconds } from '../core/index.ts';
import type { Slo } from '../slo/index.ts';

/** Every series name that is generated, in one place: rules, dashboards and drills read the same. */
export const SERIES = {
  /** Events a second; of a budget by slices of time, 1 while the slice counts. */
  total: 'slo:sli_total:rate5m',
  /** Bad events a second; of a budget by slices of time, the part of the slice that is bad. */
  errors: 'slo:sli_errors:rate5m',
  objective: 'slo:objective:ratio',
  /** How long the SLO's window is; of a calendar window, the longest that it may be. */
  window: 'slo:window:seconds',
  threshold: 'slo:burn_rate_threshold:ratio',
  /** 1, with what is said of the SLO as labels. */
  info: 'slo:info',
  /** 1 untouched, 0 spent, below 0 overspent. */
  budgetRemaining: 'slo:error_budget_remaining:ratio',
  /** How much of the SLO's window the budget has seen, in seconds. */
  budgetCoverage: 'slo:error_budget_coverage:seconds',
  /** When the calendar window began, in seconds since the epoch. */
  windowStart: 'slo:window_start:seconds',
  /** Seconds since the epoch as the clocks on the wall of the window's time zone would count them. */
  localTime: 'slo:local_time:seconds',
  localWindowStart: 'slo:local_window_start:seconds',
  /** As `total` and `errors`, with the start of their calendar window as a label. */
  windowTotal: 'slo:window_total:rate5m',
  windowErrors: 'slo:window_errors:rate5m',
} as const;

/** The uid under which the demo's datasource is provisioned, and by which the panels of its dashboard name it. */
export const DATASOURCE_UID = 'prometheus';

/** `slo:burn_rate:5m` */
export const burnRateSeries = (window: Milliseconds): string => `slo:burn_rate:${formatDuration(window)}`;

/** `slo:sli_total:rate1h` */
export const totalSeries = (window: Milliseconds): string => `slo:sli_total:rate${formatDuration(window)}`;

/** `slo:sli_errors:rate1h` */
export const errorSeries = (window: Milliseconds): string => `slo:sli_errors:rate${formatDuration(window)}`;

/** The labels that tell one SLO's series from another's. */
export const identityLabels = ({ service, name }: Pick<Slo, 'service' | 'name'>) => ({ service, slo: name });

/** The selector's braces for one SLO's series. JSON's escapes are PromQL's too. */
export const identity = ({ service, name }: Pick<Slo, 'service' | 'name'>): string =>
  `{service=${JSON.stringify(service)}, slo=${JSON.stringify(name)}}`;
