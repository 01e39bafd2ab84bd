import { METRIC_NAME, type Milliseconds, UserError } from '../core/index.ts';
import type { RuleQuery, RuleSample } from './query.ts';
import type { RecordingRule } from './rule-file.ts';

/**
 * The samples to record. @throws UserError `duplicate-series`, `rule-limit`, or what the query throws
 */
export function evaluateRecording(
  rule: RecordingRule,
  at: Milliseconds,
  limit: number,
  query: RuleQuery,
): RuleSample[] {
  const changes = { ...rule.labels, [METRIC_NAME]: rule.name };
  const samples = query(rule.expr, at).map(({ labels, value }) => ({ labels: labels.with(changes), value }));
  if (new Set(samples.map(sample => sample.labels.key)).size < samples.length) {
    throw new UserError(
      'duplicate-series',
      'vector contains metrics with the same labelset after applying rule labels',
    );
  }
  if (limit > 0 && samples.length > limit) {
    throw new UserError('rule-limit', `exceeded limit of ${limit} with ${samples.length} series`);
  }
  return samples;
}
