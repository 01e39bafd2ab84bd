import { describe, expect, test } from 'vitest';
import { UserError } from '../../core/index.ts';
import { loadSloFiles } from '../load.ts';
import { absentAfter, windowsFor } from './windows.ts';

const RATIO = `    ratio:
      errors: {metric: 'errors_total{job="shop"}'}
      total: {metric: 'requests_total{job="shop"}'}
      grouping: [team, job]
`;
const file = ({ target = '"99.9"', window = '28d', indicator = RATIO, more = '' } = {}) =>
  `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: orders
  namespace: shop
  labels: {pyrra.dev/tier: 1, app: x}
spec:
  target: ${target}
  window: ${window}
  indicator:
${indicator}${more}`;

const load = (text: string) => loadSloFiles([{ file: 'orders.yaml', text }]);

function problemsOf(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ code, position: p }) => `${p?.line}:${p?.column} ${code}`);
  }
  return [];
}

const DAY = 86_400_000;

describe('a Pyrra file', () => {
  test('gives the model its selectors, grouping, policy and absent alert', () => {
    const { slos, warnings } = load(file());
    expect(warnings).toEqual([]);
    expect(slos).toMatchObject([
      {
        service: 'shop',
        name: 'orders',
        objective: 0.999,
        window: { kind: 'rolling', length: 28 * DAY },
        policy: { name: 'pyrra' },
        sli: { kind: 'ratio', events: 'errors_total{job="shop"}', total: 'requests_total{job="shop"}' },
        grouping: ['job', 'team'],
        absent: { for: 180_000 },
        labels: { tier: '1' },
        alertPrefix: 'ErrorBudgetBurn',
        source: { file: 'orders.yaml', line: 4 },
      },
    ]);
  });

  test.each([
    [
      '    latency: {success: {metric: \'d_bucket{le="0.5"}\'}, total: {metric: d_count}}\n',
      { kind: 'latency', le: '0.5', bucket: 'd_bucket{le="0.5"}', total: 'd_count' },
    ],
    [
      '    latencyNative: {total: {metric: d}, latency: 200ms}\n',
      { kind: 'native-latency', histogram: 'd', threshold: 0.2 },
    ],
    [
      '    bool_gauge: {metric: probe_success}\n',
      { kind: 'gauge', gauge: 'probe_success', op: '==', value: 1 },
    ],
  ])('gives the model the indicator of %s', (indicator, sli) => {
    expect(load(file({ indicator })).slos[0]!.sli).toMatchObject(sli);
  });

  test('has no alert that could never fire, and says so', () => {
    const { slos, warnings } = load(file({ target: '"90"' }));
    expect(slos[0]!.policy.tiers.map(({ suffix }) => suffix)).toEqual(['Medium', 'Slow', 'LongTerm']);
    expect(warnings.map(({ code }) => code)).toEqual(['unreachable-threshold']);
  });

  test('is told what native rules do not carry', () => {
    const more = '  alerting: {severities: {fastBurn: sev1}, absentName: Missing}\n';
    const indicator = "    bool_gauge: {metric: 'up offset 5m'}\n";
    expect(load(file({ more, indicator })).warnings.map(({ code }) => code)).toEqual(
      Array(3).fill('not-carried-over'),
    );
  });

  test.each([
    [
      'unknown fields, all of them',
      file({ more: '  alerts: {}\n  budget: 1\n' }),
      ['15:3 unknown-field', '16:3 unknown-field'],
    ],
    ['a target out of range', file({ target: '"101"' }), ['8:11 bad-objective']],
    ['a target that is no number', file({ target: 'most' }), ['8:11 bad-objective']],
    ['a target of 100, natively', file({ target: '"100"' }), ['8:11 no-budget']],
    ['a window that is no duration', file({ window: 'month' }), ['9:11 bad-duration']],
    ['two indicators', file({ more: '    bool_gauge: {metric: up}\n' }), ['11:5 bad-value']],
    [
      'a metric that is no selector',
      file({ indicator: '    bool_gauge: {metric: sum(up)}\n' }),
      ['11:26 bad-selector'],
    ],
    [
      'a name in braces',
      file({ indicator: '    bool_gauge: {metric: \'{__name__="up"}\'}\n' }),
      ['11:26 bad-selector'],
    ],
    [
      'a bucket without le',
      file({ indicator: '    latency: {success: {metric: d_bucket}, total: {metric: d_count}}\n' }),
      ['11:33 bad-selector'],
    ],
  ])('is refused for %s', (_name, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });
});

describe("Pyrra's windows", () => {
  test('grow with the objective and are whole minutes', () => {
    expect(windowsFor(7 * DAY).map(({ short, long }) => [short / 60_000, long / 60_000])).toEqual([
      [1, 15],
      [8, 90],
      [30, 360],
      [90, 1440],
    ]);
  });

  test('tell how long a metric is missing before the alert', () => {
    expect(absentAfter({ target: 99, window: 28 * DAY }) / 60_000).toBe(10);
    expect(absentAfter({ target: 90, window: 14 * DAY }) / 60_000).toBe(43);
  });
});
