import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Both, startBoth } from './api/both.ts';
import { ask, get, type Json } from './api/case.ts';
import { START } from './api/data.ts';

let both: Both;

beforeAll(async () => {
  both = await startBoth(['--enable-feature=promql-per-step-stats']);
});
afterAll(() => both.stop());

const EXPRESSIONS = [
  '1',
  'vector(1)',
  'nope',
  'http_requests_total',
  'http_requests_total offset 1m',
  'timestamp(http_requests_total)',
  'rate(http_requests_total[5m])',
  'rate(http_requests_total[10s])',
  'sum(rate(http_requests_total[1m])) / sum(rate(http_requests_total[5m] offset 2m))',
  'http_requests_total[5m]',
  `rate(http_requests_total[5m] @ ${START + 400})`,
  `http_requests_total @ ${START + 400} + http_requests_total`,
  'quantile_over_time(0.5, queue_length[3m])',
  'max_over_time(rate(http_requests_total[2m])[5m:30s])',
  'max_over_time(rate(http_requests_total[2m])[1m:30s] offset 1m)',
  `max_over_time(queue_length[5m:1m] @ ${START + 600})`,
  'max_over_time(max_over_time(queue_length[2m:30s])[5m:1m])',
  'queue_length[5m:1m]',
  'topk(3, http_requests_total)',
  'absent(nope)',
  'absent_over_time(http_requests_total[5m])',
  'increase(http_requests_total[5m] anchored)',
  'rate(http_requests_total[5m] smoothed)',
  'http_requests_total smoothed',
];

const statsOf = async (address: string, endpoint: string, params: Record<string, string>): Promise<Json> => {
  const { text } = await ask(address, get(endpoint, { ...params, stats: 'all' }).request);
  const { data, error } = JSON.parse(text);
  return data?.stats.samples ?? error;
};

const askBoth = (endpoint: string, params: Record<string, string>) =>
  Promise.all([both.ours, both.theirs].map(({ address }) => statsOf(address, endpoint, params)));

/** How much an engine holds at a time is its own affair. */
const consumed = ({ peakSamples: _peakSamples, ...rest }: Json) => rest;

it.each(EXPRESSIONS)('counts as Prometheus what %s consumes at an instant', async query => {
  const [ours, theirs] = await askBoth('query', { query, time: String(START + 600) });
  expect(consumed(ours)).toEqual(consumed(theirs));
});

const VECTORS = EXPRESSIONS.filter(query => !query.endsWith(']'));

it.each(VECTORS)('counts as Prometheus what %s consumes in a range', async query => {
  const range = { start: String(START + 100), end: String(START + 1_000), step: '45' };
  const [ours, theirs] = await askBoth('query_range', { query, ...range });
  expect(ours.totalQueryableSamplesPerStep).toHaveLength(21);
  expect(consumed(ours)).toEqual(consumed(theirs));
});
