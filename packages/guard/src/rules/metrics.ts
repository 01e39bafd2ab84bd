import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';
import type { Milliseconds } from '../core/index.ts';

const BUCKETS = [0.01, 0.1, 1, 10];

/** Under the names that Prometheus gives them (rules/group.go); `rule_group` is `file;name`. */
export function createRuleMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['rule_group'] as const;
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  const total = (name: string, help: string) => new Counter({ name, help, registers });
  const histogram = (name: string, help: string) =>
    new Histogram({ name, help, buckets: BUCKETS, registers });
  const summary = (name: string, help: string, percentiles: number[]) =>
    new Summary({ name, help, percentiles, maxAgeSeconds: 600, ageBuckets: 5, registers });
  return {
    evaluationDuration: summary(
      'prometheus_rule_evaluation_duration_seconds',
      'The duration for a rule to execute.',
      [0.5, 0.9, 0.99],
    ),
    evaluationDurationHistogram: histogram(
      'prometheus_rule_evaluation_duration_histogram_seconds',
      'The duration for a rule to execute.',
    ),
    groupDuration: summary(
      'prometheus_rule_group_duration_seconds',
      'The duration of rule group evaluations.',
      [0.01, 0.05, 0.5, 0.9, 0.99],
    ),
    groupDurationHistogram: histogram(
      'prometheus_rule_group_duration_histogram_seconds',
      'The duration of rule group evaluations.',
    ),
    templateExpansions: total(
      'prometheus_template_text_expansions_total',
      'Labels and annotations that were expanded.',
    ),
    templateFailures: total(
      'prometheus_template_text_expansion_failures_total',
      'Templates that could not be expanded.',
    ),
    iterations: counter(
      'prometheus_rule_group_iterations_total',
      'Scheduled group evaluations, missed ones included.',
    ),
    iterationsMissed: counter(
      'prometheus_rule_group_iterations_missed_total',
      'Group evaluations missed because the one before took too long.',
    ),
    evaluations: counter('prometheus_rule_evaluations_total', 'Rule evaluations.'),
    failures: counter('prometheus_rule_evaluation_failures_total', 'Rule evaluations that failed.'),
    interval: gauge('prometheus_rule_group_interval_seconds', 'The interval of a rule group.'),
    lastEvaluation: gauge(
      'prometheus_rule_group_last_evaluation_timestamp_seconds',
      'When the group was evaluated last.',
    ),
    lastDuration: gauge(
      'prometheus_rule_group_last_duration_seconds',
      'The duration of the last group evaluation.',
    ),
    lastRuleDurationSum: gauge(
      'prometheus_rule_group_last_rule_duration_sum_seconds',
      'The sum of the durations of the rules in the last group evaluation.',
    ),
    lastRestoreDuration: gauge(
      'prometheus_rule_group_last_restore_duration_seconds',
      'How long restoring the state of alerts took.',
    ),
    rules: gauge('prometheus_rule_group_rules', 'The number of rules.'),
    samples: gauge('prometheus_rule_group_last_evaluation_samples', 'Samples of the last group evaluation.'),
  };
}

export type RuleMetrics = ReturnType<typeof createRuleMetrics>;

interface GroupLabel {
  readonly rule_group: string;
}

/** Figures that a group has before it is evaluated. */
export function announceGroup(
  metrics: RuleMetrics,
  label: GroupLabel,
  { rules, interval }: { rules: number; interval: Milliseconds },
): void {
  const { iterations, iterationsMissed, evaluations, failures } = metrics;
  for (const counter of [iterations, iterationsMissed, evaluations, failures]) counter.inc(label, 0);
  const { lastEvaluation, lastDuration, lastRuleDurationSum, samples } = metrics;
  for (const gauge of [lastEvaluation, lastDuration, lastRuleDurationSum, samples]) gauge.inc(label, 0);
  metrics.rules.set(label, rules);
  metrics.interval.set(label, interval / 1000);
}

/** A group that is gone has no figures. */
export function forgetGroup(metrics: RuleMetrics, label: GroupLabel): void {
  for (const metric of Object.values(metrics)) {
    const hasGroups = 'labelNames' in metric && (metric.labelNames as string[]).includes('rule_group');
    if (hasGroups) (metric as Gauge<'rule_group'>).remove(label);
  }
}
