import { expect, it } from 'vitest';
import { healthyHistory } from './baseline.ts';
import type { Drill } from './drill-file.ts';
import type { StackClient } from './stack-client.ts';

const drill = {
  counters: { requests: 'requests_total' },
  traffic: { requests_per_second: 10 },
  steady_state: { duration: 30_000 },
} as Drill;

/** Answers the two queries that the history is read from. */
const clientOf = (total: number | undefined, rate: number | undefined) =>
  ({
    query: async (expr: string) => {
      const value = expr.startsWith('sum(increase') ? total : rate;
      return value === undefined ? [] : [{ metric: {}, value: [0, String(value)] }];
    },
  }) as unknown as StackClient;

it.each([
  ['its own load alone', 300, 10, 30],
  ['twice its load, the rest from elsewhere', 6000, 20, 300],
  ['a window that traffic has filled', 90_000, 10, 3600],
  ['no samples yet', undefined, undefined, 0],
])('counts healthy seconds at the present rate with %s', async (_case, total, rate, seconds) => {
  expect(await healthyHistory(clientOf(total, rate), drill, 3_600_000)).toBe(seconds);
});
