import { checkShape, isNonEmpty, type Path, readYaml, type YamlSource } from '../config/index.ts';
import { Labels, type Milliseconds, milliseconds, type Problem, UserError } from '../core/index.ts';
import type { RuleTestFile, TestGroup } from './test-file.ts';
import { type TestFields, type TestFileFields, testFileSchema } from './test-file-schema.ts';

const MINUTE = milliseconds(60_000);

/**
 * Reads a file of `promtool test rules`. Series and expressions are read when the test that has them runs.
 *
 * @throws UserError with every problem and its place: those of YAML and the shape, `duplicate-group`, `missing-field`
 */
export function loadRuleTestFile(file: string, text: string): RuleTestFile {
  const [source] = readYaml(file, text, { scalars: 'texts' });
  if (!source) {
    return {
      file,
      ruleFiles: [],
      evaluationInterval: MINUTE,
      groupOrder: [],
      fuzzyCompare: false,
      tests: [],
    };
  }
  const fields = checkShape(testFileSchema, source);
  const problems = [
    ...orderProblems(source, fields),
    ...fields.tests.flatMap((test, i) => testProblems(source, test, i)),
  ];
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  const evaluationInterval = fields.evaluation_interval || MINUTE;
  return {
    file,
    ruleFiles: fields.rule_files,
    evaluationInterval,
    groupOrder: fields.group_eval_order,
    fuzzyCompare: fields.fuzzy_compare,
    tests: fields.tests.map((test, i) => groupOf(source, test, ['tests', i], evaluationInterval)),
  };
}

function groupOf(source: YamlSource, fields: TestFields, path: Path, interval: Milliseconds): TestGroup {
  const at = (...rest: Path) => source.positionOf([...path, ...rest]);
  return {
    name: fields.name,
    interval: fields.interval || interval,
    startTimestamp: fields.start_timestamp,
    inputSeries: fields.input_series.map((each, i) => ({ ...each, position: at('input_series', i) })),
    alertTests: fields.alert_rule_test.map((test, i) => ({
      evalTime: test.eval_time,
      alertName: test.alertname,
      expected: test.exp_alerts.map(alert => ({
        labels: alert.exp_labels,
        annotations: alert.exp_annotations,
      })),
      position: at('alert_rule_test', i),
    })),
    promqlTests: fields.promql_expr_test.map((test, i) => ({
      evalTime: test.eval_time,
      expr: test.expr,
      expected: test.exp_samples,
      position: at('promql_expr_test', i),
    })),
    externalLabels: Labels.of(fields.external_labels),
    externalUrl: fields.external_url,
  };
}

function orderProblems(source: YamlSource, { group_eval_order: order }: TestFileFields): Problem[] {
  return order.flatMap((name, i) =>
    order.indexOf(name) === i
      ? []
      : [
          source.problemAt(['group_eval_order', i], {
            code: 'duplicate-group',
            message: `the group name ${JSON.stringify(name)} is repeated in the evaluation order`,
          }),
        ],
  );
}

function testProblems(source: YamlSource, fields: TestFields, index: number): Problem[] {
  const path = ['tests', index];
  return [
    ...fields.alert_rule_test.flatMap((test, i) =>
      test.alertname === ''
        ? [
            source.problemAt([...path, 'alert_rule_test', i], {
              code: 'missing-field',
              message: 'an item of alert_rule_test needs an alertname',
            }),
          ]
        : [],
    ),
    ...fields.promql_expr_test.flatMap((test, i) =>
      test.exp_samples.flatMap((sample, k) => {
        const place = [...path, 'promql_expr_test', i, 'exp_samples', k, 'value'];
        const isQuoted = sample.value !== 0 && !source.isPlainAt(place);
        return isQuoted
          ? [source.problemAt(place, { code: 'bad-value', message: 'a value stands without quotes' })]
          : [];
      }),
    ),
  ];
}
