import { Counter, Gauge, type Registry, Summary } from 'prom-client';

const PERCENTILES = [0.01, 0.05, 0.5, 0.9, 0.99];

/** Under the names that Prometheus gives them; `rule_group` is `file;name`. */
export function createRuleMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['rule_group'] as const;
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  const summary = (name: string, help: string) =>
    new Summary({ name, help, percentiles: PERCENTILES, maxAgeSeconds: 600, ageBuckets: 5, registers });
  return {
    evaluationDuration: summary(
      'prometheus_rule_evaluation_duration_seconds',
      'The duration for a rule to execute.',
    ),
    groupDuration: summary(
      'prometheus_rule_group_duration_seconds',
      'The duration of rule group evaluations.',
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
    templateFailures: new Counter({
      name: 'prometheus_template_text_expansion_failures_total',
      help: 'Templates that could not be expanded.',
      registers,
    }),
  };
}

export type RuleMetrics = ReturnType<typeof createRuleMetrics>;

/** A group that is gone has no figures. */
export function forgetGroup(metrics: RuleMetrics, label: { readonly rule_group: string }): void {
  const { evaluationDuration: _, groupDuration: __, templateFailures: ___, ...perGroup } = metrics;
  for (const metric of Object.values(perGroup)) metric.remove(label);
}
