import { compareStrings, Labels, METRIC_NAME, type Milliseconds, UserError } from '../core/index.ts';
import type { Alert, Alerts } from './alert.ts';
import { ALERT_NAME, ALERT_STATE, ALERTS, ALERTS_FOR_STATE } from './alert.ts';
import type { Expander } from './expander.ts';
import type { RuleQuery, RuleSample } from './query.ts';
import type { AlertingRule } from './rule-file.ts';
import type { RuleTemplates } from './rule-templates.ts';

/** How long a resolved alert is remembered, and sent again. */
const RESOLVED_RETENTION = 900_000;

/** A rule with its alerts. */
export interface AlertingState {
  readonly rule: AlertingRule;
  readonly templates: RuleTemplates;
  readonly alerts: Alerts;
}

export interface AlertEvaluation {
  /** The evaluation's time. */
  readonly at: Milliseconds;
  /** How far before it the expression is evaluated and its samples stand. */
  readonly queryOffset: Milliseconds;
  /** Most active alerts; 0 or less is none. */
  readonly limit: number;
  readonly query: RuleQuery;
  readonly expander: Expander;
}

/**
 * Evaluates the rule and moves its alerts on, as Prometheus's AlertingRule.Eval does (rules/alerting.go). Gives the
 * samples of the active alerts. When it throws, the alerts are as before, except that exceeding the limit clears them.
 *
 * @throws UserError `duplicate-alert`, `rule-limit`, or what the query throws
 */
export function evaluateAlerts(state: AlertingState, evaluation: AlertEvaluation): RuleSample[] {
  const { rule, alerts } = state;
  const { at, queryOffset, limit, query } = evaluation;
  const found = alertsOf(state, query(rule.expr, at - queryOffset), evaluation);
  admit(alerts, found);
  const active: Alert[] = [];
  for (const [key, alert] of alerts) {
    const isActive = found.has(key) ? stayActive(alert) : keepOrResolve(rule, alerts, key, alert, at);
    if (!isActive) continue;
    active.push(alert);
    moveState(rule, alert, at);
  }
  if (limit > 0 && active.length > limit) {
    alerts.clear();
    throw new UserError('rule-limit', `exceeded limit of ${limit} with ${active.length} alerts`);
  }
  const unexpanded = Object.entries(rule.labels).filter(([, text]) => text.includes('{{'));
  return active.flatMap(alert => samplesOf(alert, unexpanded));
}

function alertsOf(
  { rule, templates }: AlertingState,
  samples: readonly RuleSample[],
  { at, expander }: AlertEvaluation,
): Alerts {
  const found: Alerts = new Map();
  for (const sample of samples) {
    const labels = Labels.of([
      ...sample.labels,
      [METRIC_NAME, ''],
      ...expander.expandAll(templates.labels, sample),
      [ALERT_NAME, rule.name],
    ]);
    if (found.has(labels.key)) {
      throw new UserError(
        'duplicate-alert',
        'vector contains metrics with the same labelset after applying alert labels',
      );
    }
    const annotations = withEmptyValues(expander.expandAll(templates.annotations, sample));
    found.set(labels.key, { state: 'pending', labels, annotations, value: sample.value, activeAt: at });
  }
  return found;
}

/** Annotations that expand to nothing are there all the same, unlike labels. */
const withEmptyValues = (pairs: readonly (readonly [string, string])[]): Labels =>
  Labels.fromSortedPairs(pairs.toSorted(([a], [b]) => compareStrings(a, b)));

/** What was found is new, or refreshes what is active already. */
function admit(alerts: Alerts, found: Alerts): void {
  for (const [key, alert] of found) {
    const known = alerts.get(key);
    if (known && known.state !== 'inactive') {
      known.value = alert.value;
      known.annotations = alert.annotations;
    } else alerts.set(key, alert);
  }
}

function stayActive(alert: Alert): true {
  delete alert.keepFiringSince;
  return true;
}

/** What becomes of an alert that the result lacks; true when it goes on firing. */
function keepOrResolve(
  rule: AlertingRule,
  alerts: Alerts,
  key: string,
  alert: Alert,
  at: Milliseconds,
): boolean {
  if (alert.state === 'firing' && rule.keepFiringFor > 0) {
    alert.keepFiringSince ??= at;
    if (at - alert.keepFiringSince < rule.keepFiringFor) return true;
  }
  const isForgotten = alert.resolvedAt !== undefined && at - alert.resolvedAt > RESOLVED_RETENTION;
  if (alert.state === 'pending' || isForgotten) alerts.delete(key);
  if (alert.state !== 'inactive') {
    alert.state = 'inactive';
    alert.resolvedAt = at;
  }
  return false;
}

function moveState(rule: AlertingRule, alert: Alert, at: Milliseconds): void {
  const isDue = at - alert.activeAt >= rule.for;
  if (alert.state === 'pending' && isDue) {
    alert.state = 'firing';
    alert.firedAt = at;
  } else if (alert.state === 'firing' && !isDue) {
    // `for` was raised by a reload.
    alert.state = 'pending';
    delete alert.firedAt;
    delete alert.lastSentAt;
    delete alert.keepFiringSince;
  }
}

/**
 * What stands in the store for an active alert. A label that its template made empty stands there unexpanded, as in
 * Prometheus, which begins with the rule's labels.
 */
function samplesOf(
  { labels, state, activeAt }: Alert,
  unexpanded: ReadonlyArray<readonly [string, string]>,
): RuleSample[] {
  const base = unexpanded.length === 0 ? labels : Labels.of([...unexpanded, ...labels]);
  return [
    { labels: base.with({ [METRIC_NAME]: ALERTS, [ALERT_STATE]: state }), value: 1 },
    { labels: base.with({ [METRIC_NAME]: ALERTS_FOR_STATE }), value: Math.floor(activeAt / 1000) },
  ];
}
