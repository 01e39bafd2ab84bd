import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { createVirtualClock } from '../core/index.ts';
import { type ConsoleSources, registerConsoleApi } from './console-api.ts';
import type { QueryRequest } from './query-protocol.ts';
import type { QueryAnswer } from './query-thread.ts';

const NOW = 1_700_000_000_000;

/** The console's API over a pool that answers every query with the same result. */
function apiOver(result: unknown, asked: QueryRequest[] = []) {
  const answer: QueryAnswer = {
    ok: true,
    body: new TextEncoder().encode(JSON.stringify({ data: { result } })),
  };
  const app = Fastify();
  registerConsoleApi(app, {
    clock: createVirtualClock(NOW),
    pool: {
      run: async (request: QueryRequest) => {
        asked.push(request);
        return answer;
      },
    },
    spans: { recent: async () => [], trace: async () => undefined },
    ruleAlerts: () => [],
    activeAlerts: () => [],
    alertHistory: () => undefined,
    notifications: () => [],
  } as unknown as ConsoleSources);
  return app;
}

const burn = '/api/slos/service_a/availability/burn';

it('gives a burn history on the whole range, null where nothing was recorded', async () => {
  const values = [[NOW / 1000 - 5, '2.5']];
  const app = apiOver([{ metric: { __name__: 'slo:burn_rate:5m' }, values }]);
  const { step, timestamps, series } = (await app.inject(`${burn}?windows=5m,1h&minutes=1`)).json();
  expect([step, timestamps.length, timestamps.at(-1)]).toEqual([5000, 13, NOW]);
  expect(series).toEqual([
    { window: '5m', values: [...Array(11).fill(null), 2.5, null] },
    { window: '1h', values: Array(13).fill(null) },
  ]);
});

it('takes windows that are given one by one', async () => {
  const asked: QueryRequest[] = [];
  const response = await apiOver([], asked).inject(`${burn}?windows=5m&windows=1h`);
  expect(response.statusCode).toBe(200);
  expect(asked[0]).toMatchObject({ expr: expect.stringContaining('slo:burn_rate:5m|slo:burn_rate:1h') });
});

it.each([
  [`${burn}?windows=soon`, 400, 'bad-window'],
  [`${burn}?windows=${Array(11).fill('5m').join(',')}`, 400, 'bad-window'],
  [`${burn}?minutes=0`, 400, 'bad-minutes'],
  [`${burn}?minutes=1e9`, 400, 'bad-minutes'],
  ['/api/notifications?limit=0', 400, 'bad-limit'],
  ['/api/traces?limit=x', 400, 'bad-limit'],
  ['/api/alerts/nonsense/history', 400, 'bad-fingerprint'],
  ['/api/alerts/0123456789abcdef/history', 404, 'alert-not-found'],
  ['/api/traces/nonsense', 400, 'bad-trace-id'],
  ['/api/traces/abc', 404, 'trace-not-found'],
])('answers %s with %d %s', async (url, status, code) => {
  const response = await apiOver([]).inject(url);
  expect([response.statusCode, response.json().error.code]).toEqual([status, code]);
});
