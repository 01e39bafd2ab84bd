import { describe, expect, it } from 'vitest';
import type { ApiParameters, PrometheusClient } from '../prometheus/client.ts';
import { createWallClock } from '../wall-clock.ts';
import { type RequestFlags, requestOf, sendRequest } from './request.ts';

const NOW = Date.UTC(2026, 6, 1, 12, 0, 0, 500);
const HOUR = 3_600_000;
const END = NOW - 500;

const request = (expr: string | undefined, flags: RequestFlags = {}, isRange = false) =>
  requestOf(expr, flags, { now: NOW, wallClock: createWallClock('UTC') }, { points: 160, isRange });

/** What is sent for a request: method, path, parameters. */
async function sent(expr: string | undefined, flags: RequestFlags): Promise<unknown[]> {
  const calls: unknown[][] = [];
  const take = (method: string) => async (path: string, parameters?: ApiParameters) => {
    calls.push([method, path, JSON.parse(JSON.stringify(parameters))]);
    return { text: '', data: [], warnings: [], infos: [] };
  };
  await sendRequest(
    { get: take('get'), ask: take('ask') } as unknown as PrometheusClient,
    request(expr, flags),
  );
  return calls[0]!;
}

describe('what a query asks for', () => {
  it('is an instant, now or as told', () => {
    expect(request('up')).toEqual({ kind: 'instant', expr: 'up', time: undefined });
    expect(request('up', { time: '-1h' })).toEqual({ kind: 'instant', expr: 'up', time: NOW - HOUR });
  });

  it.each([
    [{ since: '2h' }, END - 2 * HOUR, END],
    [{ start: '-3h', end: '2026-07-01T11:00:00Z' }, NOW - 3 * HOUR, END - HOUR],
    [{ since: '1h', end: '-1h' }, NOW - 2 * HOUR, NOW - HOUR],
    [{ end: '-1h' }, NOW - 2 * HOUR, NOW - HOUR],
    [{ step: '15s' }, END - HOUR, END],
  ])('is a range with a bound or a step: %j', (flags, start, end) => {
    expect(request('up', flags)).toMatchObject({ kind: 'range', start, end });
  });

  it('is a range where a plot is asked for', () => {
    expect(request('up', {}, true)).toMatchObject({ kind: 'range', start: END - HOUR, end: END });
  });

  it.each([
    ['1h', 30_000],
    ['5m', 2_000],
    ['10s', 1_000],
    ['30d', 21_600_000],
    ['3y', 604_800_000],
  ])('has over %s a step of a round length with no more points than can be shown', (since, step) => {
    expect(request('up', { since })).toMatchObject({ step });
  });

  it.each([
    [undefined, {}, 'give the expression'],
    ['up', { time: 'now', since: '1h' }, '--time is for one instant'],
    ['up', { start: '-1h', since: '1h' }, 'either --start or --since'],
    ['up', { start: 'now', end: '-1h' }, 'ends before it starts'],
    ['up', { series: true, labels: 'job' }, 'either --series or --labels'],
    [undefined, { series: true }, '--series needs a selector'],
    ['up', { series: true, step: '5s' }, 'no --step'],
    ['up', { step: '0' }, '--step'],
  ] as const)('is refused when it makes no sense: %j %j', (expr, flags, message) => {
    expect(() => request(expr, flags)).toThrow(message);
  });
});

describe('what is sent to the server', () => {
  it.each([
    ['up', {}, ['ask', 'query', { query: 'up' }]],
    ['up', { time: '1700000000.25' }, ['ask', 'query', { query: 'up', time: '1700000000.25' }]],
    [
      'up',
      { start: '10', end: '20', step: '5' },
      ['ask', 'query_range', { query: 'up', start: '10', end: '20', step: '5' }],
    ],
    ['up', { series: true }, ['ask', 'series', { 'match[]': 'up' }]],
    [undefined, { labels: true }, ['ask', 'labels', {}]],
    ['up', { labels: 'job' }, ['get', 'label/job/values', { 'match[]': 'up' }]],
    [undefined, { labels: 'http.method_é' }, ['get', 'label/U__http_2e_method___e9_/values', {}]],
  ] as const)('for %j %j', async (expr, flags, expected) => {
    expect(await sent(expr, flags)).toEqual(expected);
  });
});
