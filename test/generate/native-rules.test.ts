import { describe, expect, it } from 'vitest';
import { exampleSlo } from '../../packages/guard/src/generate/example-slo.testing.ts';
import { generateRules, type RuleSettings } from '../../packages/guard/src/generate/index.ts';
import type { Slo } from '../../packages/guard/src/slo/index.ts';
import { createBench } from './bench.ts';
import { runTraffic } from './traffic.ts';

const FAST = 'SLOShopOrdersBudgetBurnFast';
const SLOW = 'SLOShopOrdersBudgetBurnSlow';
const bench = (changes: Partial<Slo> = {}, settings: Partial<RuleSettings> = {}) =>
  createBench(
    generateRules({ slos: [exampleSlo(changes)] }, { interval: 5_000, periodInterval: 5_000, ...settings }),
  );
const good = { good: 1, bad: 0 };
const outage = { good: 0, bad: 1 };

describe('burn rates', () => {
  it.each([
    ['bad', { counts: 'bad', events: 'requests_total{status="error"}' }],
    ['good', { counts: 'good', events: 'requests_total{status="success"}' }],
  ] as const)('counting %s events, an outage after 600 s pages after 101 s', async (_, counted) => {
    const b = bench({ sli: { kind: 'ratio', total: 'requests_total', ...counted } });
    const phases = [
      { seconds: 600, ...good },
      { seconds: 200, ...outage },
    ];
    const fired: number[] = [];
    await runTraffic(b, { phases, at: time => b.firing(FAST).length > 0 && fired.push(time - 600) });
    expect(fired[0]).toBeGreaterThan(101);
    expect(fired[0]).toBeLessThanOrEqual(101 + 10);
  });

  it('without traffic are absent: neither 0 nor NaN, and the errors are 0', async () => {
    const b = bench();
    const end = await runTraffic(b, { phases: [{ seconds: 600, good: 0, bad: 0 }] });
    expect(b.value('slo:burn_rate:5m', end)).toBeUndefined();
    expect(b.value('slo:sli_errors:rate5m', end)).toBe(0);
    expect(b.value('slo:error_budget_remaining:ratio', end)).toBeUndefined();
  });

  it('with traffic and no series of errors are 0', async () => {
    const b = bench();
    const end = await runTraffic(b, { phases: [{ seconds: 600, ...good }], errorsExist: false });
    expect(b.value('slo:burn_rate:5m', end)).toBe(0);
    expect(b.value('slo:error_budget_remaining:ratio', end)).toBe(1);
  });

  it('pass over a counter that became NaN, as that of a client that added NaN', async () => {
    const b = bench();
    await runTraffic(b, {
      phases: [{ seconds: 600, ...good }],
      at: time => b.write(time, { __name__: 'requests_total', status: 'odd' }, Number.NaN),
    });
    expect(b.value('slo:burn_rate:5m', 600)).toBe(0);
    expect(b.value('slo:error_budget_remaining:ratio', 600)).toBe(1);
  });

  it('of each group stand apart, and its alert tells its own budget', async () => {
    const b = bench({ grouping: ['route'] });
    await runTraffic(b, {
      phases: [{ seconds: 600, ...outage }],
      labels: { route: '/b%q"' },
      at: time => b.write(time, { __name__: 'requests_total', status: 'success', route: '/a' }, time),
    });
    expect(b.ask('slo:burn_rate:5m', 600)).toEqual({
      [JSON.stringify({ route: '/a', service: 'shop', slo: 'orders' })]: 0,
      [JSON.stringify({ route: '/b%q"', service: 'shop', slo: 'orders' })]: 100,
    });
    const [alert, ...others] = b.firing(FAST);
    expect(others).toEqual([]);
    expect(alert!.labels.route).toBe('/b%q"');
    expect(alert!.annotations).toMatchObject({
      burn_rate: '100',
      budget_remaining: '-9900%',
      exhausted_in: 'the budget is spent, or not yet known',
    });
  });
});

describe('alerts', () => {
  it('tell the burn, the budget that is left and when it will be spent', async () => {
    const b = bench({
      objective: 0.9,
      policy: {
        name: 'own',
        source: 'test',
        period: 1,
        scaling: 'burn-rates',
        tiers: [
          {
            suffix: 'Fast',
            severity: 'page',
            burn: 2,
            shortWindow: 300_000,
            longWindow: 300_000,
            budgetShare: 0,
            for: 0,
            notify: [],
          },
        ],
      },
    });
    // 6 % of the events failed, and 25 % of those of the last five minutes.
    await runTraffic(b, {
      phases: [
        { seconds: 4000, ...good },
        { seconds: 320, good: 0.75, bad: 0.25 },
      ],
    });
    expect(b.firing(FAST)[0]!.annotations).toMatchObject({
      burn_rate: '2.5',
      budget_remaining: expect.stringMatching(/^8\d\.\d+%$/),
      exhausted_in: expect.stringMatching(/^9d \d+h \d+m \d+s$|^10d \d+h \d+m \d+s$/),
    });
  });

  it('wait for the minimum of events, where one is set', async () => {
    const phases = [{ seconds: 600, good: 0, bad: 0.02 }];
    const [few, any] = [bench({ minimumEvents: 10 }), bench()];
    for (const b of [few, any]) await runTraffic(b, { phases });
    expect([few, any].map(b => b.firing(FAST).length)).toEqual([0, 1]);
    const many = bench({ minimumEvents: 10 });
    await runTraffic(many, { phases: [{ seconds: 600, ...outage }] });
    expect(many.firing(FAST)).toHaveLength(1);
  });
});

describe('the alert that nothing is measured', () => {
  const absent = { for: 300_000, severity: 'ticket' } as const;
  const NO_DATA = 'SLOShopOrdersNoData';

  async function gap(seconds: number, changes: Partial<Slo> = {}) {
    const b = bench({ absent, ...changes });
    const end = await runTraffic(b, { phases: [{ seconds: 600, ...good }] });
    let fired = false;
    for (let time = end + 5; time <= end + seconds; time += 5) {
      await b.evaluate(time);
      fired ||= b.firing(NO_DATA).length > 0;
    }
    return fired;
  }

  it('is silent across a deploy and without traffic, and fires when series stay away', async () => {
    expect(await gap(300)).toBe(false);
    expect(await gap(700)).toBe(true);
    const quiet = bench({ absent });
    await runTraffic(quiet, { phases: [{ seconds: 1200, good: 0, bad: 0 }] });
    expect(quiet.firing(NO_DATA)).toEqual([]);
  });

  it('is silent in a maintenance', async () => {
    const maintenance = [{ from: 600_000, to: 3_600_000 }];
    expect(await gap(700, { exclusions: { guard: undefined, maintenance } })).toBe(false);
  });
});

describe('exclusions', () => {
  const phases = [
    { seconds: 600, ...good },
    { seconds: 300, ...outage },
    { seconds: 1200, ...good },
  ];

  it.each([
    ['a maintenance', { guard: undefined, maintenance: [{ from: 600_000, to: 900_000 }] }],
    ['a guard', { guard: 'deploying == 1 # while it holds', maintenance: [] }],
  ])('keep what failed during %s out of budget and alerts', async (_, exclusions) => {
    const b = bench({ exclusions });
    let fired = 0;
    await runTraffic(b, {
      phases,
      at: time => {
        b.write(time, { __name__: 'deploying' }, time >= 600 && time < 900 ? 1 : 0);
        fired += b.firing(FAST).length + b.firing(SLOW).length;
      },
    });
    expect(fired).toBe(0);
    expect(b.value('slo:burn_rate:1h', 2100)).toBe(0);
    expect(b.value('slo:error_budget_remaining:ratio', 2100)).toBe(1);
    expect(b.value('slo:error_budget_coverage:seconds', 2100)).toBeGreaterThan(1200);
  });

  it('are what made the difference', async () => {
    const b = bench();
    await runTraffic(b, { phases });
    expect(b.value('slo:error_budget_remaining:ratio', 2100)).toBeLessThan(0);
  });
});

describe('budgets by slices of time', () => {
  // One busy minute fails, in an hour of little traffic.
  const phases = [
    { seconds: 1800, ...good },
    { seconds: 60, good: 0, bad: 1000 },
    { seconds: 1740, ...good },
  ];
  const ratio = 'sum_over_time(slo:sli_errors:rate5m[2h]) / sum_over_time(slo:sli_total:rate5m[2h])';

  it('weigh each slice the same, whatever its traffic', async () => {
    const b = bench({ budgeting: { method: 'timeslices', target: 0.9, slice: 60_000 } });
    const end = await runTraffic(b, { phases });
    // A slice that ends up to a minute after the failures holds some of them.
    expect(b.value(ratio, end)).toBeCloseTo(120 / 3600, 2);
    expect(b.value('slo:burn_rate:1h', end)).toBeCloseTo(120 / 36, 0);
  });

  it('count the share of each slice by ratio', async () => {
    const b = bench({ budgeting: { method: 'ratio-timeslices', slice: 300_000 } });
    const end = await runTraffic(b, { phases });
    expect(b.value(ratio, end)).toBeCloseTo(360 / 3600, 2);
  });

  it('leave out slices without traffic', async () => {
    const b = bench({ budgeting: { method: 'timeslices', target: 0.9, slice: 60_000 } });
    const end = await runTraffic(b, {
      phases: [
        { seconds: 600, ...good },
        { seconds: 600, good: 0, bad: 0 },
      ],
    });
    expect(b.value('slo:sli_total:rate5m', end)).toBeUndefined();
    expect(b.value('slo:error_budget_coverage:seconds', end)).toBeCloseTo(660, -2);
  });
});
