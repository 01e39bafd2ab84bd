import { describe, expect, test } from 'vitest';
import { UserError } from '../../core/index.ts';
import { loadSloFiles } from '../load.ts';
import { readSlothInputs } from './inputs.ts';

const slo = (more = '') => `  - name: orders
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(errors_total[{{.window}}]))
        total_query: sum(rate(requests_total[{{.window}}]))
    alerting:
      name: ShopOrders
${more}`;
const file = (slos = slo(), head = '') => `version: prometheus/v1\nservice: shop\n${head}slos:\n${slos}`;

function problemsOf(text: string): string[] {
  try {
    loadSloFiles([{ file: 'shop.yaml', text }]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ code, position: p }) => `${p?.line}:${p?.column} ${code}`);
  }
  return [];
}

describe('a Sloth file', () => {
  test('gives the model its queries for each window, its policy and its period', () => {
    const { slos, warnings } = loadSloFiles([{ file: 'shop.yaml', text: file() }]);
    expect(warnings).toEqual([]);
    expect(slos).toMatchObject([
      {
        service: 'shop',
        name: 'orders',
        objective: 0.999,
        window: { kind: 'rolling', length: 30 * 86_400_000 },
        policy: { name: 'sloth' },
        sli: { kind: 'queries', counts: 'bad' },
        alertPrefix: 'ShopOrders',
        source: { file: 'shop.yaml', line: 4, column: 11 },
      },
    ]);
    const { sli } = slos[0]!;
    expect(sli.kind === 'queries' && sli.events.over(7_200_000)).toBe('sum(rate(errors_total[2h]))');
  });

  test('has labels coerced as Go coerces them', () => {
    const text = file(slo('    labels: {octal: 010, truth: on, quoted: "010", rounded: 1.10, none: ~x}\n'));
    expect(readSlothInputs('shop.yaml', text)[0]!.slos[0]!.labels).toEqual({
      octal: '8',
      truth: 'true',
      quoted: '010',
      rounded: '1.1',
      none: '~x',
    });
  });

  test('has its alert windows in place of the built-in ones, and with them its period', () => {
    const windows = `---
apiVersion: sloth.slok.dev/v1
kind: AlertWindows
spec:
  sloPeriod: 7d
  page:
    quick: {errorBudgetPercent: 8, shortWindow: 5m, longWindow: 1h}
    slow: {errorBudgetPercent: 12.5, shortWindow: 30m, longWindow: 6h}
  ticket:
    quick: {errorBudgetPercent: 20, shortWindow: 2h, longWindow: 1d}
    slow: {errorBudgetPercent: 42, shortWindow: 6h, longWindow: 3d}
`;
    const { slos } = loadSloFiles([{ file: 'shop.yaml', text: `${file()}${windows}` }]);
    expect(slos[0]!.window).toEqual({ kind: 'rolling', length: 7 * 86_400_000 });
    expect(slos[0]!.policy.tiers.map(({ burn }) => burn)).toEqual([13.44, 3.5, 1.4, 0.98]);
  });

  test('has no alert that could never fire, and says so', () => {
    const { slos, warnings } = loadSloFiles([{ file: 'shop.yaml', text: file(slo().replace('99.9', '90')) }]);
    expect(slos[0]!.policy.tiers.map(({ suffix }) => suffix)).toEqual([
      'PageSlow',
      'TicketQuick',
      'TicketSlow',
    ]);
    expect(warnings.map(({ code }) => code)).toContain('unreachable-threshold');
  });

  test('is told what of its alerts native rules do not carry', () => {
    const text = file(slo('      page_alert: {labels: {severity: critical}}\n'));
    const { warnings } = loadSloFiles([{ file: 'shop.yaml', text }]);
    expect(warnings.map(({ code }) => code)).toEqual(['not-carried-over']);
  });

  test.each([
    [
      'unknown fields, all of them',
      file(slo('      pages: 1\n    colour: red\n'), 'team: a\n'),
      ['3:1 unknown-field', '13:7 unknown-field', '14:5 unknown-field'],
    ],
    ['a key given twice', file(slo('    name: again\n')), ['12:5 bad-yaml']],
    [
      'a plugin of an SLI',
      file('  - name: orders\n    objective: 99\n    sli: {plugin: {id: sloth-common/x}}\n'),
      ['6:24 unsupported-plugin'],
    ],
    ['no SLI', file('  - name: orders\n    objective: 99\n    sli: {}\n'), ['6:10 bad-value']],
    ['objectives out of range', file(slo().replace('99.9', '100.1')), ['5:16 bad-objective']],
    ['an objective of 100, natively', file(slo().replace('99.9', '100')), ['5:16 no-budget']],
    ['a query without the window', file(slo().replace('[{{.window}}]', '[5m]')), ['8:22 missing-window']],
    [
      'a query that is not PromQL',
      file(slo().replace('sum(rate(errors', 'sum(rte(errors')),
      ['8:22 bad-query'],
    ],
    [
      'a template that fails',
      file(slo().replace('{{.window}}', '{{.window}}{{.other}}')),
      ['8:22 bad-query'],
    ],
    ['equal queries', file(slo().replace('errors_total', 'requests_total')), ['8:22 bad-value']],
    [
      'bad names',
      file(slo().replace('orders', '-orders')).replace('shop', 's'),
      ['2:10 bad-name', '4:11 bad-name'],
    ],
    ['two SLOs of one name', file(slo() + slo()), ['12:11 duplicate-slo']],
    ['alerts without a name', file(slo().replace('name: ShopOrders', 'labels: {}')), ['11:7 missing-field']],
    ['a label without a value', file(slo(), 'labels: {team: ""}\n'), ['3:16 bad-label']],
  ])('is refused for %s', (_name, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });
});
