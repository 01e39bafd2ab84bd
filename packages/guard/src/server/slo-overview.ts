import { type Milliseconds, parseDuration } from '../core/index.ts';
import type { BurnRate, BurnThreshold, Severity, SloAlert, SloState, SloSummary } from './console-types.ts';

/** A sample of an instant query: labels with `__name__`, and its value. */
export interface CurrentSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert rule's alerts as the console needs them; one entry with state `inactive` for a rule without any. */
export interface RuleAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly activeAt: Milliseconds | null;
  readonly value: number | null;
}

/** The series that the generated rules record. */
const OBJECTIVE = 'slo:objective:ratio';
const WINDOW = 'slo:window:seconds';
const THRESHOLD = 'slo:burn_rate_threshold:ratio';
const BUDGET = 'slo:error_budget_remaining:ratio';
const COVERAGE = 'slo:error_budget_coverage:seconds';
const BURN_PREFIX = 'slo:burn_rate:';

/** The instant query that gives everything `sloOverview` reads. */
export const OVERVIEW_QUERY = `{__name__=~"${[OBJECTIVE, WINDOW, THRESHOLD, BUDGET, COVERAGE, `${BURN_PREFIX}.+`].join('|')}"}`;

/** Every SLO that the running engine records, with what its series and alerts say now. */
export function sloOverview(samples: readonly CurrentSample[], alerts: readonly RuleAlert[]): SloSummary[] {
  const named = (name: string) => samples.filter(({ metric }) => metric.__name__ === name);
  return named(OBJECTIVE).map(({ metric, value: objective }) => {
    const { service = '', slo = '' } = metric;
    const isMine = (labels: Readonly<Record<string, string>>) =>
      labels.service === service && labels.slo === slo;
    const single = (name: string) => known(named(name).find(sample => isMine(sample.metric))?.value);
    const thresholds = named(THRESHOLD)
      .filter(sample => isMine(sample.metric))
      .map(thresholdOf);
    const mine = alerts.filter(({ labels }) => isMine(labels)).map(alertOf);
    const burnRates = burnRatesOf(
      samples.filter(sample => isMine(sample.metric)),
      thresholds,
    );
    return {
      service,
      slo,
      objective,
      windowSeconds: single(WINDOW) ?? 0,
      state: stateOf(mine, burnRates),
      severity: worstSeverity(mine),
      burnRates,
      thresholds,
      budget: { remaining: single(BUDGET), coverageSeconds: single(COVERAGE) },
      alerts: mine,
    };
  });
}

/** 0/0 is no figure: what a rule recorded as NaN is as unknown as what it did not record. */
const known = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

const severityOf = (label: string | undefined): Severity => (label === 'page' ? 'page' : 'ticket');

const thresholdOf = ({ metric, value }: CurrentSample): BurnThreshold => ({
  alertname: metric.alertname ?? '',
  severity: severityOf(metric.severity),
  value,
  shortWindow: metric.short_window ?? '',
  longWindow: metric.long_window ?? '',
});

const alertOf = ({ labels, state, activeAt, value }: RuleAlert): SloAlert => ({
  alertname: labels.alertname ?? '',
  severity: severityOf(labels.severity),
  state,
  activeAt,
  value,
});

/** One entry for each window that an alert looks at, whether it has data now or not. */
function burnRatesOf(samples: readonly CurrentSample[], thresholds: readonly BurnThreshold[]): BurnRate[] {
  const recorded = new Map(
    samples
      .filter(({ metric }) => metric.__name__?.startsWith(BURN_PREFIX))
      .map(({ metric, value }) => [metric.__name__!.slice(BURN_PREFIX.length), value] as const),
  );
  const windows = new Set([
    ...thresholds.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]),
    ...recorded.keys(),
  ]);
  return [...windows]
    .sort((a, b) => (parseDuration(a) ?? 0) - (parseDuration(b) ?? 0))
    .map(window => ({ window, value: known(recorded.get(window)) }));
}

/** No data is never ok. */
function stateOf(alerts: readonly SloAlert[], burnRates: readonly BurnRate[]): SloState {
  if (alerts.some(({ state }) => state === 'firing')) return 'firing';
  if (alerts.some(({ state }) => state === 'pending')) return 'pending';
  return burnRates.some(({ value }) => value !== null) ? 'ok' : 'no-data';
}

function worstSeverity(alerts: readonly SloAlert[]): Severity | null {
  const active = alerts.filter(({ state }) => state !== 'inactive');
  if (active.some(({ severity }) => severity === 'page')) return 'page';
  return active.length > 0 ? 'ticket' : null;
}
