import { describe, expect, test } from 'vitest';
import { sparkline } from '../plot/sparkline.ts';
import { assembleStatus, type Readings } from './assemble.ts';
import { type GateLimits, judgeGate } from './gate.ts';
import { renderStatus } from './render-status.ts';

const id = { service: 'shop', slo: 'orders' };
const sample = (name: string, value: number, more = {}) => ({
  labels: { __name__: name, ...id, ...more },
  value,
});
const alert = (state: 'pending' | 'firing', labels: Record<string, string>) => ({
  labels: { ...id, ...labels },
  alertname: 'Fast',
  severity: 'page',
  state,
  activeAt: null,
});

/** Two groups of one objective, each with its own budget. */
const GROUPED: Readings = {
  samples: [
    sample('slo:objective:ratio', 0.99),
    sample('slo:window:seconds', 2_592_000),
    ...['eu', 'us'].flatMap(zone => [
      sample('slo:error_budget_remaining:ratio', zone === 'eu' ? 0.4 : -0.2, { zone }),
      sample('slo:error_budget_coverage:seconds', 3600, { zone }),
      sample('slo:burn_rate:1h', zone === 'eu' ? 1 : Number.NaN, { zone }),
      sample('slo:burn_rate:5m', 2, { zone }),
    ]),
  ],
  alerts: [alert('pending', { zone: 'us' })],
  histories: [
    { labels: { ...id, __name__: 'slo:error_budget_remaining:ratio', zone: 'eu' }, values: [1, 0.4] },
  ],
};

describe('the status of a grouped objective', () => {
  const [eu, us, ...others] = assembleStatus(GROUPED, undefined);

  test('is a line a group, each with its own budget, burn rates, alerts and past', () => {
    expect(others).toEqual([]);
    expect(eu).toMatchObject({
      group: { zone: 'eu' },
      state: 'ok',
      objective: 0.99,
      budgetRemaining: 0.4,
      burnRates: [
        { window: '5m', rate: 2 },
        { window: '1h', rate: 1 },
      ],
      alerts: [],
      history: [1, 0.4],
    });
    expect(us).toMatchObject({
      group: { zone: 'us' },
      state: 'pending',
      history: [],
      alerts: [{ state: 'pending' }],
    });
    expect(us!.burnRates[1]).toEqual({ window: '1h', rate: null });
    expect(renderStatus([eu!, us!], false).split('\n')[1]).toMatch(
      /^shop\/orders\{zone="eu"\} +ok +99 % +40 % +█▄ +1h of 30d/,
    );
  });

  test('is spent without alerts, and without figures has no data', () => {
    const states = (readings: Readings) => assembleStatus(readings, undefined).map(({ state }) => state);
    expect(states({ ...GROUPED, alerts: [] })).toEqual(['ok', 'spent']);
    expect(states({ ...GROUPED, alerts: [], samples: GROUPED.samples.slice(0, 2) })).toEqual(['no-data']);
  });

  test('is judged group by group', () => {
    const limits: GateLimits = {
      minBudget: 0.3,
      maxBurn: 1,
      burnWindow: 3_600_000,
      minCoverage: 7_200_000,
      heedsPages: true,
    };
    const reasons = judgeGate([eu!, us!], limits).map(verdict => verdict.reasons);
    expect(reasons).toEqual([
      ['the budget has seen 1h, less than 2h'],
      [
        'budget left is -20 %, below 30 %',
        'no data: there is no burn rate over 1h',
        'the budget has seen 1h, less than 2h',
      ],
    ]);
    expect(judgeGate([eu!], { ...limits, minCoverage: undefined })[0]!.reasons).toEqual([]);
  });
});

test.each([
  [[0, 0.5, 1], 0, 1, '▁▅█'],
  [[null, -3, 7], 0, 1, ' ▁█'],
  [[2, Number.NaN], 2, 2, '█ '],
])('%j between %d and %d is drawn as %j', (values, min, max, line) => {
  expect(sparkline(values, min, max)).toBe(line);
});
