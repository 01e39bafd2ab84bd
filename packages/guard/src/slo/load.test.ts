import { describe, expect, test } from 'vitest';
import { UserError } from '../core/index.ts';
import { loadSloFiles } from './load.ts';

const SERVICE = `apiVersion: openslo/v1
kind: Service
metadata:
  name: shop
  annotations: { slo-guard/service-label: the_shop }
---
`;
const counter = (name: string, query: string) =>
  `        ${name}: { metricSource: { type: Prometheus, spec: { query: '${query}' } } }\n`;
const slo = ({
  target = 'target: 0.999',
  extra = '',
  bad = 'requests_total{code="500"}',
  annotations = '{}',
} = {}) =>
  `apiVersion: openslo/v1
kind: SLO
metadata:
  name: orders
  annotations: ${annotations}
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
${counter('bad', bad)}${counter('total', 'requests_total')}  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ ${target} }]
${extra}`;

const load = (text: string, file = 'shop.yaml') => loadSloFiles([{ file, text }]);

function problemsOf(...texts: string[]) {
  try {
    loadSloFiles(texts.map((text, i) => ({ file: `${i}.yaml`, text })));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ code, position: p }) => `${p?.file}:${p?.line}:${p?.column} ${code}`);
  }
  return [];
}

describe('an OpenSLO file', () => {
  test('gives the service label, the objective and names derived from both', () => {
    const [orders] = load(SERVICE + slo()).slos;
    expect(orders).toMatchObject({
      service: 'the_shop',
      name: 'orders',
      objective: 0.999,
      alertPrefix: 'SLOTheShopOrdersBudgetBurn',
      policy: { name: 'seed' },
      sli: { counts: 'bad', events: 'requests_total{code="500"}', total: 'requests_total' },
      source: { file: 'shop.yaml', line: 10 },
    });
  });

  test('may give its target in percent', () => {
    expect(load(SERVICE + slo({ target: 'targetPercent: 99.9' })).slos[0]!.objective).toBe(0.999);
  });

  test('may refer to a service of another file', () => {
    expect(problemsOf(slo(), SERVICE)).toEqual([]);
    expect(problemsOf(slo(), SERVICE.replace('shop', 'store'))).toEqual(['0.yaml:7:12 unknown-service']);
  });

  test('may refer to an indicator by name', () => {
    const [head, rest] = slo().split('  indicator:\n');
    const tail = rest!.slice(rest!.indexOf('  timeWindow'));
    const sli = `---\napiVersion: openslo/v1\nkind: SLI\nmetadata: { name: good-orders }\nspec:\n      ratioMetric:\n        counter: true\n${counter('good', 'ok_total')}${counter('total', 'all_total')}`;
    const text = `${SERVICE}${head}  indicatorRef: good-orders\n${tail}${sli}`;
    expect(load(text).slos[0]!.sli).toEqual({
      kind: 'ratio',
      counts: 'good',
      events: 'ok_total',
      total: 'all_total',
    });
    expect(problemsOf(text.replace('indicatorRef: good', 'indicatorRef: bad'))).toEqual([
      '0.yaml:14:17 unknown-sli',
    ]);
  });
});

describe('what is refused, with its place', () => {
  test.each([
    ['a field that OpenSLO does not know', { extra: '  colour: red\n' }, '0.yaml:23:3 unknown-field'],
    [
      'a weight of a composite',
      { target: 'target: 0.99, compositeWeight: 2' },
      '0.yaml:22:32 unsupported-field',
    ],
    ['an expression of a fixed window', { bad: 'rate(x[5m])' }, '0.yaml:18:65 missing-window'],
    ['a text that is not PromQL, where it goes wrong', { bad: 'x{' }, '0.yaml:18:68 bad-promql'],
    ['a target of 1', { target: 'target: 1' }, '0.yaml:22:26 bad-value'],
    ['two targets', { target: 'target: 0.9, targetPercent: 90' }, '0.yaml:22:16 bad-value'],
    ['an unknown policy', { annotations: '{ slo-guard/policy: none }' }, '0.yaml:11:36 unknown-policy'],
    [
      'an unknown annotation of ours',
      { annotations: '{ slo-guard/polizy: seed }' },
      '0.yaml:11:18 unknown-annotation',
    ],
    [
      'an objective that no outage could burn fast enough',
      { target: 'target: 0.9' },
      '0.yaml:22:16 unreachable-threshold',
    ],
  ])('%s', (_, parts, expected) => {
    expect(problemsOf(SERVICE + slo(parts))).toEqual([expected]);
  });

  test('a kind that is unknown', () => {
    expect(problemsOf('apiVersion: openslo/v1\nkind: Slo\n')).toEqual(['0.yaml:2:7 unknown-kind']);
  });

  test.each([
    ['kind: Slo\n', '0.yaml:1:1 unknown-format'],
    ['kind: Slo\napiVersion: openslo/v3\n', '0.yaml:2:13 unknown-format'],
    ['version: prometheus/v9\n', '0.yaml:1:10 unknown-format'],
    ['- 1\n', '0.yaml:1:3 unknown-format'],
  ])('a document of no format that is read: %j', (text, expected) => {
    expect(problemsOf(text)).toEqual([expected]);
  });

  test('two SLOs of one name', () => {
    expect(problemsOf(SERVICE + slo(), slo())).toEqual(['1.yaml:4:9 duplicate-slo']);
  });

  test('every mistake of every file at once', () => {
    expect(
      problemsOf('kind: Slo\n', `${SERVICE}${slo({ bad: 'x{', extra: '  colour: red\n' })}`, 'a: ['),
    ).toEqual([
      '0.yaml:1:1 unknown-format',
      '1.yaml:23:3 unknown-field',
      expect.stringMatching(/^2\.yaml:1:\d+ bad-yaml$/),
    ]);
  });
});

test('a threshold that hardly anything reaches, and one inside the budget, are warnings', () => {
  const text = SERVICE + slo({ target: 'target: 0.94', annotations: '{ slo-guard/policy: google-30d }' });
  expect(load(text).warnings.map(({ code }) => code)).toEqual(['tight-threshold']);
  // The policy is scaled to the window: 13.44 and, of the slowest alert, 0.93.
  expect(load(text.replace('30d, ', '28d, ')).warnings.map(({ code }) => code)).toEqual([
    'tight-threshold',
    'alert-inside-budget',
  ]);
});

test('what a data source is connected with is never shown, not even on a line that is wrong', () => {
  const source =
    '- apiVersion: openslo/v1\n  kind: DataSource\n  metadata: { name: m }\n  spec: { type: Prometheus, connectionDetails: { token: hunter2 }, colour: red }\n';
  for (const text of [source, `${source}  a: [`]) {
    expect(() => load(text)).toThrow(UserError);
    expect(() => load(text)).not.toThrow(/hunter2/);
  }
  // All of it, keys included: a password with a colon in it is read as a key.
  expect(() => load(source)).toThrow(/connectionDetails: [* ]+, colour: red/);
});
