import { printScalar } from '../print-rules.ts';
import type { RuleTest } from './scenarios.ts';

interface TestFile {
  readonly ruleFile: string;
  /** Between evaluations, as Prometheus writes durations. */
  readonly interval: string;
  readonly tests: readonly RuleTest[];
}

/** A test file as YAML; see `printGroups` for why by hand. */
export function printTests({ ruleFile, interval, tests }: TestFile): string {
  const lines = ['rule_files:', `  - ${printScalar(ruleFile)}`, `evaluation_interval: ${interval}`, 'tests:'];
  for (const test of tests) printTest(test, lines);
  return lines.map(line => `${line}\n`).join('');
}

function printTest(test: RuleTest, lines: string[]): void {
  lines.push(`  - name: ${printScalar(test.name)}`, `    interval: ${test.interval}`);
  if (test.start_timestamp !== undefined) lines.push(`    start_timestamp: ${test.start_timestamp}`);
  if (test.input_series.length > 0) lines.push('    input_series:');
  for (const { series, values } of test.input_series) {
    lines.push(`      - series: ${printScalar(series)}`, `        values: ${printScalar(values)}`);
  }
  lines.push('    promql_expr_test:');
  for (const { expr, eval_time, exp_samples } of test.promql_expr_test) {
    lines.push(`      - expr: ${printScalar(expr)}`, `        eval_time: ${eval_time}`);
    lines.push(`        exp_samples:${exp_samples.length === 0 ? ' []' : ''}`);
    for (const { labels, value } of exp_samples)
      lines.push(`          - labels: ${printScalar(labels)}`, `            value: ${value}`);
  }
}
