import { formatDuration } from '../../packages/guard/src/core/index.ts';
import { exampleSlo } from '../../packages/guard/src/generate/example-slo.testing.ts';
import {
  NATURAL_ANCHOR,
  policyOf,
  type Slo,
  scalePolicy,
  type WindowedQuery,
} from '../../packages/guard/src/slo/index.ts';

const query = (text: string): WindowedQuery => ({
  text,
  over: window => text.replaceAll('$w', formatDuration(window)),
});
const DAY = 86_400_000;
const absent = { for: 600_000, severity: 'ticket' } as const;

const VARIANTS: Readonly<Record<string, Partial<Slo>>> = {
  bad: { recordAlias: 'shop:burn_rate', absent, owner: 'red', links: { runbook: 'https://wiki/a?b=c#d' } },
  good: {
    sli: {
      kind: 'ratio',
      counts: 'good',
      events: 'r_total{code=~"2..|3..",job!="x"}',
      total: 'r_total{job!="x"}',
    },
    policy: policyOf('google-30d'),
    objective: 0.999,
    labels: { team: 'red' },
  },
  apart: {
    sli: { kind: 'ratio', counts: 'bad', events: 'failures_total', total: 'calls_total{a="b"} # all' },
  },
  latency: {
    sli: { kind: 'latency', bucket: 'd_seconds_bucket{le="0.25"}', le: '0.25', total: 'd_seconds_count' },
    minimumEvents: 5000,
  },
  native: { sli: { kind: 'native-latency', histogram: 'd_seconds', threshold: 0.25 } },
  queries: {
    sli: {
      kind: 'queries',
      counts: 'bad',
      events: query('sum(rate(q_total{s="error"}[$w])) # errors'),
      total: query('sum(rate(q_total[$w]))'),
    },
  },
  raw: {
    sli: { kind: 'raw', counts: 'bad', ratio: query('sum(rate(e[$w])) / sum(rate(t[$w]))') },
    minimumEvents: 1,
  },
  gauge: { sli: { kind: 'gauge', gauge: 'up{job="shop"}', op: '==', value: 1 }, absent },
  grouped: { grouping: ['route', 'zone'], minimumEvents: 10, absent },
  month: {
    window: { kind: 'calendar', unit: 'month', count: 1, timeZone: 'Europe/Paris', anchor: NATURAL_ANCHOR },
  },
  weeks: {
    window: { kind: 'calendar', unit: 'week', count: 2, timeZone: 'UTC', anchor: '2026-01-05T06:00:00' },
    grouping: ['route'],
  },
  slices: { budgeting: { method: 'timeslices', target: 0.95, slice: 60_000 }, minimumEvents: 10, absent },
  shares: { budgeting: { method: 'ratio-timeslices', slice: 300_000 }, grouping: ['route'] },
  excluded: {
    exclusions: {
      guard: 'deploying{service="shop"} == 1',
      maintenance: [
        { from: Date.UTC(2026, 11, 1), to: Date.UTC(2026, 11, 1, 2) },
        { from: Date.UTC(2027, 0, 1), to: Date.UTC(2027, 0, 1, 2) },
      ],
    },
    grouping: ['route'],
    minimumEvents: 10,
    absent,
  },
  short: {
    window: { kind: 'rolling', length: 7 * DAY },
    policy: scalePolicy(policyOf('google-30d'), 7 * DAY),
  },
  excludedSlices: {
    budgeting: { method: 'timeslices', target: 0.9, slice: 120_000 },
    exclusions: { guard: 'deploying == 1', maintenance: [] },
    sli: { kind: 'latency', bucket: 'd_seconds_bucket{le="0.25"}', le: '0.25', total: 'd_seconds_count' },
  },
};

/** SLOs that between them have everything that the model knows. */
export const VARIED_SLOS: readonly Slo[] = Object.entries(VARIANTS).map(([name, changes]) =>
  exampleSlo({ name, alertPrefix: `SLOShop${name[0]!.toUpperCase()}${name.slice(1)}BudgetBurn`, ...changes }),
);
