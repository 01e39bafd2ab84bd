import { createMatcher, METRIC_NAME, type Milliseconds } from '../core/index.ts';
import { isStaleAt, type Queryable, type SeriesData } from '../promql/index.ts';
import { ALERT_NAME, ALERTS_FOR_STATE, type Alert } from './alert.ts';
import type { AlertingState } from './alerting.ts';
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
export function restoreAlerts(
  { rule, alerts }: Pick<AlertingState, 'rule' | 'alerts'>,
  options: RestoreOptions,
): void {
  const { queryable, now, outageTolerance } = options;
  // Values of labels with templates differ by alert and match no stored series.
  const labels = Object.entries(rule.labels).filter(([, value]) => !value.includes('{{'));
  const identity = new Map([...labels, [METRIC_NAME, ALERTS_FOR_STATE], [ALERT_NAME, rule.name]]);
  const querier = queryable.querier(now - outageTolerance, now);
  try {
    const series = new Map(
      querier
        .select([...identity].map(([name, value]) => createMatcher(name, '=', value)))
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
  const activeAt = Math.trunc(values[end - 1]!) * 1000;
  // Both to the second, as there (`time.Unix(t/1000, 0)`).
  const remaining = rule.for - (Math.trunc(downAt / 1000) * 1000 - activeAt);
  if (remaining <= 0) alert.activeAt = activeAt;
  else if (rule.for < gracePeriod) return;
  else if (remaining < gracePeriod) alert.activeAt = now + gracePeriod - rule.for;
  else alert.activeAt = activeAt + (now - Math.trunc(downAt / 1000) * 1000);
}
