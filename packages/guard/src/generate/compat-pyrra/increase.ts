import {
  formatDuration,
  formatFloat,
  formatFloatShort,
  type Milliseconds,
  milliseconds,
  toSeconds,
} from '../../core/index.ts';
import { absentAfter, type PyrraIndicator, type PyrraMetric, type PyrraObjective } from '../../slo/index.ts';
import { inOrder, labelled } from '../compat-yaml.ts';
import type { AlertingRule, RecordingRule } from '../rule-types.ts';
import { equal, migrated, over, selector, sumBy } from './expressions.ts';
import {
  commonAnnotations,
  commonLabels,
  fixedLabels,
  isPattern,
  sortedOnce,
  type Texts,
  totalOf,
  without,
} from './labels.ts';
import { countName, increaseName, sumName } from './names.ts';
import type { PyrraOptions } from './options.ts';

type Rule = RecordingRule | AlertingRule;

/** Counts over the whole window and alerts on their absence; with performanceOverAccuracy in two files. */
export interface IncreaseRules {
  /** Over five minutes, for Prometheus. Empty unless split. */
  readonly short: readonly Rule[];
  /** Over the whole window. */
  readonly long: readonly Rule[];
}

const FIVE_MINUTES = milliseconds(300_000);

/** slo/rules.go, `splitIncreaseRulesForType`. */
export function increaseRules(objective: PyrraObjective, options: PyrraOptions): IncreaseRules {
  const { indicator } = objective;
  switch (indicator.kind) {
    case 'ratio':
      return ratioRules(objective, indicator);
    case 'latency':
      return latencyRules(objective, indicator, options);
    case 'latencyNative':
      return { short: [], long: nativeRules(objective, indicator) };
    case 'bool_gauge':
      return gaugeRules(objective, indicator);
  }
}

type Indicator<K extends PyrraIndicator['kind']> = Extract<PyrraIndicator, { kind: K }>;

/** One series that is counted, with the names of what is recorded. */
interface Counted {
  readonly metric: PyrraMetric;
  readonly labels: Texts;
  /** `increase` and the like. */
  readonly call: string;
  readonly record: (metric: string, window: Milliseconds) => string;
  /** Further conditions on the series that is recorded over five minutes. */
  readonly ofRecorded?: ReturnType<typeof equal>;
}

function countRules(objective: PyrraObjective, grouping: readonly string[], counted: Counted): IncreaseRules {
  const { metric, labels, call, record, ofRecorded } = counted;
  const rule = (window: Milliseconds, expr: string): RecordingRule => ({
    record: record(metric.name, window),
    expr: sumBy(grouping, expr),
    ...labelled(labels),
  });
  if (!objective.performanceOverAccuracy)
    return { short: [], long: [rule(objective.window, `${call}(${over(metric, objective.window)})`)] };
  const recorded = {
    name: record(metric.name, FIVE_MINUTES),
    matchers: [...metric.matchers, ...(ofRecorded ? [ofRecorded] : [])],
  };
  const subquery = `${selector(recorded)}[${formatDuration(objective.window)}:5m]`;
  return {
    short: [rule(FIVE_MINUTES, `${call}(${over(metric, FIVE_MINUTES)})`)],
    long: [rule(objective.window, `sum_over_time(${subquery})`)],
  };
}

/** Alerts stand with what reads the raw metric. */
function absentRules(objective: PyrraObjective, metric: PyrraMetric, labels: Texts): IncreaseRules {
  if (!objective.alerting.absent) return { short: [], long: [] };
  const annotations = commonAnnotations(objective);
  const rule: AlertingRule = {
    alert: objective.alerting.absentName,
    expr: `absent(${selector(metric)}) == 1`,
    for: formatDuration(absentAfter(objective)),
    labels: inOrder({ ...labels, severity: objective.alerting.severities.absent ?? 'critical' }),
    ...(annotations && { annotations: inOrder(annotations) }),
  };
  return objective.performanceOverAccuracy ? { short: [rule], long: [] } : { short: [], long: [rule] };
}

const together = (...parts: readonly IncreaseRules[]): IncreaseRules => ({
  short: parts.flatMap(({ short }) => short),
  long: parts.flatMap(({ long }) => long),
});

/** Also by labels that only the errors are selected by, and by those that a pattern selects. */
function groupingOf(declared: readonly string[], total: PyrraMetric, part: PyrraMetric): string[] {
  const ofTotal = new Set(total.matchers.map(({ name }) => name));
  return sortedOnce([
    ...declared,
    ...part.matchers.map(({ name }) => name).filter(name => !ofTotal.has(name) && name !== 'le'),
    ...total.matchers.filter(isPattern).map(({ name }) => name),
  ]);
}

const ruleLabels = (objective: PyrraObjective, grouping: readonly string[]): Texts =>
  without({ ...commonLabels(objective), ...fixedLabels(totalOf(objective.indicator).matchers) }, grouping);

function ratioRules(objective: PyrraObjective, indicator: Indicator<'ratio'>): IncreaseRules {
  const { total, errors } = indicator;
  const grouping = groupingOf(indicator.grouping, total, errors);
  const labels = ruleLabels(objective, grouping);
  const metrics = total.name === errors.name ? [total] : [total, errors];
  return together(
    ...metrics.flatMap(metric => [
      countRules(objective, grouping, { metric, labels, call: 'increase', record: increaseName }),
      absentRules(objective, metric, labels),
    ]),
  );
}

function latencyRules(
  objective: PyrraObjective,
  indicator: Indicator<'latency'>,
  { prometheus3Migration }: PyrraOptions,
): IncreaseRules {
  const grouping = groupingOf(indicator.grouping, indicator.total, indicator.success);
  const labels = ruleLabels(objective, grouping);
  const le = indicator.success.matchers.find(({ name }) => name === 'le')!.value;
  // A label of the objective's own named so wins.
  const successLabels = { le, ...labels };
  const [total, success] = [indicator.total, indicator.success].map(metric =>
    migrated(metric, prometheus3Migration),
  );
  const count = { call: 'increase', record: increaseName } as const;
  return together(
    // Both are recorded under one name: what counts all has no `le`.
    countRules(objective, grouping, { ...count, metric: total!, labels, ofRecorded: equal('le', '') }),
    countRules(objective, grouping, { ...count, metric: success!, labels: successLabels }),
    absentRules(objective, total!, labels),
    absentRules(objective, success!, successLabels),
  );
}

/** Neither split nor with alerts, and the grouping as written. */
function nativeRules(
  objective: PyrraObjective,
  { total, latency, grouping }: Indicator<'latencyNative'>,
): Rule[] {
  const labels = ruleLabels(objective, []);
  const increase = sumBy(grouping, `increase(${over(total, objective.window)})`);
  const record = increaseName(total.name, objective.window);
  const threshold = toSeconds(latency);
  return [
    { record, expr: `histogram_count(${increase})`, ...labelled(labels) },
    {
      record,
      expr: `histogram_fraction(0, ${formatFloat(threshold)}, ${increase}) * histogram_count(${increase})`,
      ...labelled({ ...labels, le: formatFloatShort(threshold) }),
    },
  ];
}

function gaugeRules(
  objective: PyrraObjective,
  { metric, grouping: declared }: Indicator<'bool_gauge'>,
): IncreaseRules {
  const grouping = sortedOnce([...declared, '__name__', ...metric.matchers.map(({ name }) => name)]);
  const labels = ruleLabels(objective, grouping);
  return together(
    countRules(objective, grouping, { metric, labels, call: 'count_over_time', record: countName }),
    countRules(objective, grouping, { metric, labels, call: 'sum_over_time', record: sumName }),
    absentRules(objective, metric, labels),
  );
}
