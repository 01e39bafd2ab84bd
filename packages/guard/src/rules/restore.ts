import { createMatcher, METRIC_NAME, type Milliseconds } from '../core/index.ts';
import { isStaleAt, type Queryable, type SeriesData } from '../promql/index.ts';
import { ALERTS_FOR_STATE, type Alert, type Alerts } from './alerting.ts';
import type { AlertingRule } from './rule-file.ts';

export interface RestoreOptions {
  readonly queryable: Queryable;
  readonly now: Milliseconds;
  /** State older than this is not taken up. */
  readonly outageTolerance: Milliseconds;
  /** A pending alert waits at least this long after a restart. */
  readonly gracePeriod: Milliseconds;
}

/** Gives alerts back the time at which they became active before a restart (rules/group.go RestoreForState). */
export function restoreAlerts(rule: AlertingRule, alerts: Alerts, options: RestoreOptions): void {
  const { queryable, now, outageTolerance } = options;
  // Values of labels with templates differ by alert and match no stored series.
  const labels = Object.entries(rule.labels).filter(([, value]) => !value.includes('{{'));
  const identity = [...labels, [METRIC_NAME, ALERTS_FOR_STATE], ['alertname', rule.name]] as const;
  const querier = queryable.querier(now - outageTolerance, now);
  try {
    const series = new Map(
      querier
        .select(identity.map(([name, value]) => createMatcher(name, '=', value)))
        .map(data => [data.labels.without([METRIC_NAME]).key, data]),
    );
    for (const [key, alert] of alerts) {
      const stored = series.get(key);
      if (stored) restoreAlert(rule, alert, stored, options);
    }
  } finally {
    querier.close();
  }
}

function restoreAlert(rule: AlertingRule, alert: Alert, series: SeriesData, options: RestoreOptions): void {
  const { now, outageTolerance, gracePeriod } = options;
  const { timestamps, values, start, end } = series.samples(now - outageTolerance, now);
  // A staleness marker at the end: the alert was not active.
  if (start === end || isStaleAt(values, end - 1)) return;
  const downAt = timestamps[end - 1]!;
  const activeAt = values[end - 1]! * 1000;
  const remaining = rule.for - (downAt - activeAt);
  if (remaining <= 0) alert.activeAt = activeAt;
  else if (rule.for < gracePeriod) return;
  else if (remaining < gracePeriod) alert.activeAt = now + gracePeriod - rule.for;
  else alert.activeAt = activeAt + (now - downAt);
}
