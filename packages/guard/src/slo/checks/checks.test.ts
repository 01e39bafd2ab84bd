import { describe, expect, test } from 'vitest';
import { type Milliseconds, parseDuration } from '../../core/index.ts';
import { createMemoryStorage } from '../../promql/testing.ts';
import type { Slo, SloModel } from '../model.ts';
import { policyOf } from '../policies/policy-book.ts';
import { scalePolicy } from '../policies/scale.ts';
import { sloOf, windowed } from '../slo.testing.ts';
import { liveOf as liveIn } from './checks.testing.ts';
import { LINT_CODE_NAMES } from './codes.ts';
import { type LintOptions, lintModel } from './lint-model.ts';

const span = (text: string) => parseDuration(text)!;
const liveOf = (lines: readonly string[], interval?: Milliseconds) =>
  liveIn(createMemoryStorage(), lines, interval);
const GOOD = 'requests_total{job="shop", status="success"} 0+15x240';
const BAD = 'requests_total{job="shop", status="error"} 0x240';
const healthy = liveOf([GOOD, BAD]);

const lint = (
  slos: readonly Slo[],
  options: Partial<LintOptions> = {},
  warnings: SloModel['warnings'] = [],
) => lintModel({ slos, warnings }, { texts: new Map(), ...options });

const codes = async (overrides: Partial<Slo>, options: Partial<LintOptions> = {}) =>
  (await lint([sloOf(overrides)], options)).findings.map(({ code }) => code);

const raw = (text: string): Partial<Slo> => ({ sli: { kind: 'raw', counts: 'bad', ratio: windowed(text) } });

describe('the policy', () => {
  test.each([
    ['a threshold beyond a total outage', { objective: 0.9 }, ['unreachable-threshold']],
    ['a threshold just below it', { objective: 0.94 }, ['tight-threshold']],
    [
      'alerts inside the budget',
      {
        policy: scalePolicy(policyOf('google-30d'), span('28d')),
        window: { kind: 'rolling', length: span('28d') },
      },
      ['alert-inside-budget'],
    ],
    [
      'a window shorter than an alert’s',
      { window: { kind: 'rolling', length: span('3h') } },
      ['window-too-long'],
    ],
  ] as [string, Partial<Slo>, string[]][])('%s', async (_, overrides, expected) => {
    expect(await codes(overrides)).toEqual(expected);
  });

  test('windows too short for the scrapes', async () => {
    expect(await codes({}, { scrapeInterval: span('75s') })).toEqual([]);
    expect(await codes({}, { scrapeInterval: span('76s') })).toEqual(['short-window']);
    expect(await codes({}, { live: liveOf([GOOD, BAD], span('15s')) })).toEqual([]);
    expect(await codes({}, { live: liveOf([GOOD, BAD], span('2m')) })).toEqual(['short-window']);
  });
});

describe('a hand-written ratio', () => {
  const SLICES = 'equal-weight-slices';
  test.each([
    ['sum(rate(r{s="e"}[$w])) / (sum(rate(r[$w])) > 0)', []],
    ['sum(rate(r{s="e"}[$w])) / sum(rate(r[$w]))', ['no-traffic-nan']],
    ['rate(r{s="e"}[$w]) / (rate(r[$w]) > 0)', ['missing-aggregation']],
    ['rate(e[$w]) / (rate(r[$w]) > 0)', ['missing-aggregation']],
    ['sum by (s) (rate(r{s="e"}[$w])) / (sum by (s) (rate(r[$w])) > 0)', ['missing-aggregation']],
    ['sum by (i) (rate(r{s="e"}[$w])) / (sum by (i) (rate(r[$w])) > 0)', []],
    ['sum without (s) (rate(r{s="e"}[$w])) / (sum without (s) (rate(r[$w])) > 0)', []],
    ['sum without (i) (rate(r{s="e"}[$w])) / (sum without (i) (rate(r[$w])) > 0)', ['missing-aggregation']],
    ['rate(r{s="e"}[$w]) / on (i) (sum by (i) (rate(r[$w])) > 0)', []],
    ['rate(r{s="e"}[$w]) / ignoring (s) (sum without (s) (rate(r[$w])) > 0)', []],
    ['1 - sum(rate(r{s="ok"}[$w])) / clamp_min(sum(rate(r[$w])), 1)', []],
    ['1 - avg_over_time(up[$w])', []],
    ['sum(rate(r{s="e"}[$w]) or vector(0)) / (sum(rate(r[$w])) + 0.001)', []],
  ])('%s', async (text, expected) => {
    expect(await codes(raw(text))).toEqual([...expected, SLICES].sort());
  });

  test('of two queries is always 1 when both keep the label', async () => {
    const queries = (events: string, total: string): Partial<Slo> => ({
      sli: { kind: 'queries', counts: 'bad', events: windowed(events), total: windowed(total) },
    });
    const found = await lint([sloOf(queries('rate(r{s="e"}[$w])', 'rate(r[$w])'))]);
    expect(found.findings[0]).toMatchObject({
      code: 'missing-aggregation',
      message: expect.stringContaining('always 1: numerator and denominator are matched on s'),
    });
    expect(await codes(queries('sum(rate(r{s="e"}[$w]))', 'sum(rate(r[$w]))'))).toEqual([]);
    expect(await codes({ ...queries('rate(e[$w])', 'rate(r[$w])'), grouping: ['i'] })).toEqual([]);
  });
});

describe('the model', () => {
  test('native histograms, slices of equal weight in Sloth’s rules, and what is forgotten', async () => {
    const sli = { kind: 'native-latency', histogram: 'd_seconds', threshold: 0.25 } as const;
    expect(await codes({ sli })).toEqual(['native-histogram']);
    expect(await codes({}, { compat: 'sloth' })).toEqual(['equal-weight-slices', 'no-traffic-nan']);
    expect(await codes({}, { compat: 'pyrra' })).toEqual([]);
    expect(await codes({}, { retention: span('15d') })).toEqual(['window-longer-than-retention']);
    expect(await codes({}, { retention: span('30d') })).toEqual([]);
  });

  test('names that two objectives share are told once, at the second', async () => {
    const second = sloOf({ name: 'returns', recordAlias: 'shop:burn_rate' });
    const { findings } = await lint([sloOf({ recordAlias: 'shop:burn_rate' }), second]);
    expect(findings.map(({ code, slo }) => [code, slo?.name])).toEqual(
      Array.from({ length: 2 }, () => ['duplicate-name', 'returns']),
    );
  });

  test('alerts that are routed to a receiver without integrations', async () => {
    const routing = {
      receiversOf: ({ severity }: Readonly<Record<string, string>>) => [
        { name: severity!, tells: severity === 'page' },
      ],
    };
    const { findings } = await lint([sloOf()], { routing });
    expect(findings.map(({ message }) => message)).toEqual([
      'alert SLOShopOrdersSlow (severity ticket) is routed to ticket, which tells nobody',
    ]);
  });
});

describe('live series', () => {
  test('that are as they should be', async () => {
    expect(await codes({}, { live: healthy })).toEqual([]);
  });

  test.each([
    [
      'no such metric',
      { total: 'request_total' },
      'selector-matches-nothing',
      'there is no metric request_total',
    ],
    [
      'a label of another value',
      { total: 'requests_total{job="ship"}' },
      'selector-matches-nothing',
      'without job="ship" it matches: job is "shop" of its live series',
    ],
    [
      'failures that nobody has seen',
      { events: 'requests_total{status="fail"}' },
      'late-counter',
      'no live series has status="fail": status is "error", "success"',
    ],
  ])('%s', async (_, counters, code, message) => {
    const sli = { ...(sloOf().sli as object), ...counters } as Slo['sli'];
    const { findings } = await lint([sloOf({ sli })], { live: healthy });
    expect(findings).toMatchObject([{ code, message: expect.stringContaining(message) }]);
  });

  describe('of a histogram', () => {
    const live = liveOf([
      'd_count 0+15x240',
      ...['0.1', '0.5', '1.0', '+Inf'].map(le => `d_bucket{le="${le}"} 0+15x240`),
    ]);
    const latency = (le: string): Partial<Slo> => ({
      sli: { kind: 'latency', bucket: `d_bucket{le="${le}"}`, le, total: 'd_count' },
    });
    test.each([
      ['0.25', 'its buckets are "0.1", "0.5", "1.0", "+Inf"', 'choose le="0.1", or'],
      ['1', 'there it is written le="1.0"', 'write le="1.0"'],
    ])('without a bucket %s', async (le, message, remedy) => {
      const { findings } = await lint([sloOf(latency(le))], { live });
      expect(findings).toMatchObject([
        {
          code: 'missing-bucket',
          message: expect.stringContaining(message),
          remedy: expect.stringContaining(remedy),
        },
      ]);
      expect(await codes(latency('0.5'), { live })).toEqual([]);
    });
  });

  test('grouped by a label of many values', async () => {
    const users = (count: number) =>
      liveOf([BAD, ...Array.from({ length: count }, (_, i) => `requests_total{user="${i}"} 0+1500x240`)]);
    const grouping = ['user'];
    expect(await codes({ grouping, minimumEvents: 1 }, { live: users(101) })).toContain('exploding-grouping');
    expect(await codes({ grouping, minimumEvents: 1 }, { live: users(80) })).not.toContain(
      'exploding-grouping',
    );
  });

  test('so few that one failure pages; the remedy is a minimum, unless it is too high', async () => {
    // One event in 40 s: 90 an hour, where 69.4 failures' worth of 14.4 at 99.9 % begin.
    const slow = (perScrape: number) => liveOf([GOOD.replace('15x240', `${perScrape}x240`), BAD]);
    expect(await codes({}, { live: slow(0.3) })).toEqual([]);
    expect(await codes({}, { live: slow(0.28) })).toEqual(['low-traffic']);
    const { findings } = await lint([sloOf()], { live: slow(0.28) });
    expect(findings[0]!.remedy).toContain('minimum of events to 70');
    expect(await codes({ minimumEvents: 5 }, { live: slow(0.28) })).toEqual([]);
    expect(await codes({ minimumEvents: 6 }, { live: slow(0.28) })).toEqual(['minimum-events-too-high']);
  });
});

describe('a finding', () => {
  const text = `a: 1
---
name: orders
query: sum(rate(r{s="e"}[5m]))
---
query: sum(rate(r{s="e"}[5m]))
`;
  const texts = new Map([['shop.yaml', text]]);
  const source = { file: 'shop.yaml', line: 3, column: 7 };

  test('points at the query of its own document, or else at the objective', async () => {
    const sli = { kind: 'native-latency', histogram: 'r{s="e"}', threshold: 1 } as const;
    const [found] = (await lint([sloOf({ sli, source })], { texts })).findings;
    expect(found!.position).toEqual({ file: 'shop.yaml', line: 4, column: 17 });
    expect(found!.excerpt).toBe('  query: sum(rate(r{s="e"}[5m]))\n                  ^');
    const elsewhere = { ...sli, histogram: 'other' };
    expect((await lint([sloOf({ sli: elsewhere, source })], { texts })).findings[0]!.position).toEqual(
      source,
    );
  });

  test('is not told again where the reader has', async () => {
    const { findings: own } = await lint([sloOf({ objective: 0.94, source })], { texts });
    expect(own.map(({ code }) => code)).toEqual(['tight-threshold']);
    const warning = { ...own[0]!, code: 'tight-threshold', position: { ...source, line: 9 } } as const;
    const { findings } = await lint([sloOf({ objective: 0.94, source })], { texts }, [warning]);
    expect(findings.map(({ position }) => position?.line)).toEqual([9]);
  });
});

test('what was checked and what was not add up', async () => {
  const { checked, unchecked } = await lint([sloOf()]);
  expect([...checked, ...unchecked].sort()).toEqual([...LINT_CODE_NAMES].sort());
  expect(unchecked).toContain('no-receiver');
  expect((await lint([sloOf()], { live: healthy, retention: span('31d') })).unchecked).toEqual([
    'no-receiver',
  ]);
});
