import { Labels, METRIC_NAME, type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { parseExpr } from '../promql/index.ts';
import { expandTemplate } from '../template/index.ts';
import type { RuleQuery, RuleSample } from './query.ts';
import type { AlertingRule } from './rule-file.ts';
import { templateFunctions } from './template-functions.ts';

export type AlertState = 'inactive' | 'pending' | 'firing';

/** An alert of a rule with what is known of its past. Instants are evaluation times. */
export interface Alert {
  state: AlertState;
  readonly labels: Labels;
  annotations: Labels;
  value: number;
  activeAt: Milliseconds;
  firedAt?: Milliseconds;
  /** Set when inactive. */
  resolvedAt?: Milliseconds;
  lastSentAt?: Milliseconds;
  keepFiringSince?: Milliseconds;
}

/** Alerts by the key of their labels. */
export type Alerts = Map<string, Alert>;

export interface EvaluationContext {
  readonly query: RuleQuery;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  /** A label or annotation could not be expanded; its text says so. */
  readonly onTemplateError: (rule: AlertingRule, error: unknown) => void;
}

/** How long a resolved alert is remembered, and sent again. */
const RESOLVED_RETENTION = 900_000;

export const ALERTS = 'ALERTS';
export const ALERTS_FOR_STATE = 'ALERTS_FOR_STATE';

export interface AlertEvaluation {
  /** The evaluation's time. */
  readonly at: Milliseconds;
  /** How far before it the expression is evaluated and its samples stand. */
  readonly queryOffset: Milliseconds;
  /** Most active alerts; 0 is none. */
  readonly limit: number;
}

/**
 * Evaluates the rule and moves its alerts on, as Prometheus's AlertingRule.Eval does. Gives the samples of the active
 * alerts. When it throws, the alerts are as before, except that exceeding the limit clears them.
 *
 * @throws UserError `duplicate-alert`, `rule-limit`, or what the query throws
 */
export function evaluateAlerts(
  rule: AlertingRule,
  alerts: Alerts,
  { at, queryOffset, limit }: AlertEvaluation,
  context: EvaluationContext,
): RuleSample[] {
  const found = alertsOf(rule, context.query(rule.expr, at - queryOffset), at, context);
  for (const [key, alert] of found) {
    const known = alerts.get(key);
    if (known && known.state !== 'inactive') {
      known.value = alert.value;
      known.annotations = alert.annotations;
    } else alerts.set(key, alert);
  }
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
  return active.flatMap(alert => samplesOf(rule, alert));
}

function alertsOf(
  rule: AlertingRule,
  samples: readonly RuleSample[],
  at: Milliseconds,
  context: EvaluationContext,
): Alerts {
  const found: Alerts = new Map();
  for (const sample of samples) {
    const expand = expander(rule, sample, at, context);
    const labels = sample.labels
      .without([METRIC_NAME])
      .with({ ...mapValues(rule.labels, expand), alertname: rule.name });
    if (found.has(labels.key)) {
      throw new UserError(
        'duplicate-alert',
        'vector contains metrics with the same labelset after applying alert labels',
      );
    }
    const annotations = Labels.of(mapValues(rule.annotations, expand));
    found.set(labels.key, { state: 'pending', labels, annotations, value: sample.value, activeAt: at });
  }
  return found;
}

const mapValues = (record: Readonly<Record<string, string>>, change: (value: string) => string) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

function expander(rule: AlertingRule, sample: RuleSample, at: Milliseconds, context: EvaluationContext) {
  const { externalUrl } = context;
  const labels = new Map(sample.labels);
  const externalLabels = new Map(context.externalLabels);
  const options = {
    data: { Labels: labels, ExternalLabels: externalLabels, ExternalURL: externalUrl, Value: sample.value },
    functions: templateFunctions({ query: text => context.query(parseExpr(text), at), at, externalUrl }),
    variables: new Map<string, unknown>([
      ['$labels', labels],
      ['$externalLabels', externalLabels],
      ['$externalURL', externalUrl],
      ['$value', sample.value],
    ]),
  };
  return (text: string): string => {
    try {
      return expandTemplate(text, options);
    } catch (error) {
      context.onTemplateError(rule, error);
      return `<error expanding template: ${error instanceof UserError ? error.problems[0]!.message : messageOf(error)}>`;
    }
  };
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

function samplesOf(rule: AlertingRule, alert: Alert): RuleSample[] {
  const labels = alert.labels.with({ alertname: rule.name });
  return [
    { labels: labels.with({ [METRIC_NAME]: ALERTS, alertstate: alert.state }), value: 1 },
    { labels: labels.with({ [METRIC_NAME]: ALERTS_FOR_STATE }), value: Math.floor(alert.activeAt / 1000) },
  ];
}
