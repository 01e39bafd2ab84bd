import { formatDuration, formatFloat, type Milliseconds, milliseconds, toSeconds } from '../../core/index.ts';
import {
  type PyrraIndicator,
  type PyrraObjective,
  type PyrraSeverities,
  type PyrraWindow,
  windowsFor,
} from '../../slo/index.ts';
import { inOrder, labelled } from '../compat-yaml.ts';
import type { AlertingRule, RecordingRule, RuleGroup } from '../rule-types.ts';
import { migrated, over, printMatcher, sumBy } from './expressions.ts';
import { goDuration } from './go-duration.ts';
import {
  commonAnnotations,
  commonLabels,
  fixedLabels,
  isPattern,
  sortedOnce,
  totalOf,
  without,
} from './labels.ts';
import { burnRateName } from './names.ts';
import type { PyrraOptions } from './options.ts';

/** Error ratios over each window (Pyrra calls them burn rates) and the four alerts (slo/rules.go, `Burnrates`). */
export function burnRateGroup(objective: PyrraObjective, options: PyrraOptions): RuleGroup {
  const windows = windowsFor(objective.window);
  const alerts = objective.alerting.burnRates
    ? windows.map((_, i) => alertRule(objective, i, windows, options))
    : [];
  return {
    name: objective.name,
    interval: '30s',
    rules: [...recordingRules(objective, windows, options), ...alerts],
  };
}

function recordingRules(
  objective: PyrraObjective,
  windows: readonly PyrraWindow[],
  { prometheus3Migration }: PyrraOptions,
): RecordingRule[] {
  const { indicator } = objective;
  const { name, matchers } = totalOf(indicator);
  const labels = labelled(
    without({ ...commonLabels(objective), ...fixedLabels(matchers) }, indicator.grouping),
  );
  const lengths = [...new Set(windows.flatMap(({ long, short }) => [long, short]))].sort((a, b) => a - b);
  return lengths.map(window => ({
    record: burnRateName(name, window),
    expr: errorRatio(indicator, window, prometheus3Migration),
    ...labels,
  }));
}

function errorRatio(indicator: PyrraIndicator, window: Milliseconds, migration: boolean): string {
  const by = (expr: string) => sumBy(sortedOnce(indicator.grouping), expr);
  switch (indicator.kind) {
    case 'ratio':
      return `${by(`rate(${over(indicator.errors, window)})`)} / ${by(`rate(${over(indicator.total, window)})`)}`;
    case 'latency': {
      const total = by(`rate(${over(migrated(indicator.total, migration), window)})`);
      return `(${total} - ${by(`rate(${over(migrated(indicator.success, migration), window)})`)}) / ${total}`;
    }
    case 'latencyNative':
      return `1 - histogram_fraction(0, ${formatFloat(toSeconds(indicator.latency))}, ${by(`rate(${over(indicator.total, window)})`)})`;
    case 'bool_gauge': {
      const count = by(`count_over_time(${over(indicator.metric, window)})`);
      return `(${count} - ${by(`sum_over_time(${over(indicator.metric, window)})`)}) / ${count}`;
    }
  }
}

const SEVERITIES = ['fastBurn', 'mediumBurn', 'slowBurn', 'longTermBurn'] as const satisfies ReadonlyArray<
  keyof PyrraSeverities
>;

function alertRule(
  objective: PyrraObjective,
  index: number,
  windows: readonly PyrraWindow[],
  { externalUrl }: PyrraOptions,
): AlertingRule {
  const { indicator, alerting, name, window } = objective;
  const { short, long, factor, severity, for: wait } = windows[index]!;
  const total = totalOf(indicator);
  const grouped = new Set(indicator.grouping);
  const conditions = total.matchers
    .filter(matcher => grouped.has(matcher.name) || !isPattern(matcher))
    .map(printMatcher)
    .concat(`slo="${name}"`)
    .sort()
    .join(',');
  const burning = (length: Milliseconds) =>
    `${burnRateName(total.name, length)}{${conditions}} > (${factor} * (1-${formatFloat(objective.target / 100)}))`;
  const exhaustion = milliseconds(Math.trunc(toSeconds(window) / factor) * 1000);
  const annotations = commonAnnotations(objective, externalUrl);
  return {
    alert: alerting.name,
    expr: `${burning(short)} and ${burning(long)}`,
    for: indicator.kind === 'ratio' ? goDuration(wait) : formatDuration(wait),
    labels: inOrder({
      ...commonLabels(objective),
      ...without(fixedLabels(total.matchers), grouped),
      short: formatDuration(short),
      long: formatDuration(long),
      severity: alerting.severities[SEVERITIES[index]!] ?? severity,
      exhaustion: formatDuration(exhaustion),
    }),
    ...(annotations && { annotations: inOrder(annotations) }),
  };
}
