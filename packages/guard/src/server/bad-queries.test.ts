import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';

let folder: GuardFolder;
let guard: Guard;

beforeAll(async () => {
  folder = guardFolder();
  guard = await startIn(folder);
});
afterAll(async () => {
  await guard.stop();
  folder.remove();
});

const MEGABYTE = 1_000_000;
const post = (path: string, params: Record<string, string>) =>
  ask(guard.addresses.prometheus, `/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(params) });

/** What Prometheus takes minutes for, or fails at, is answered with a limit; the rest as by Prometheus. */
it.each([
  [
    'a chain of half a million sums',
    `1${'+1'.repeat(MEGABYTE / 2 - 1)}`,
    400,
    /chains more than 2500 operators/,
  ],
  ['a megabyte of open parentheses', '('.repeat(MEGABYTE), 400, /nested deeper than 500 levels/],
  ['a megabyte of signs', `${'-'.repeat(MEGABYTE - 1)}1`, 400, /nested deeper than 500 levels/],
  ['a string of a megabyte', `"${'x'.repeat(MEGABYTE - 10)}"`, 200, /x{1000}/],
  ['a selector with 30,000 matchers', `x{${'a="b",'.repeat(30_000)}}`, 200, /"result":\[\]/],
  ['more than a mebibyte', `1${' '.repeat(1_100_000)}`, 400, /the limit is 1048576/],
  ['NUL bytes', '\0'.repeat(1000), 400, /unexpected character/],
  ['a regular expression that backtracks', 'up{job=~"(((((d+)+)+)+)+)+$"}', 200, /"success"/],
  [
    'a regular expression that multiplies',
    'up{job=~"((a{0,100}){0,100}){0,100}"}',
    400,
    /invalid repeat count/,
  ],
  ['a long regular expression', `up{job=~"${'.*a'.repeat(5000)}"}`, 200, /"success"/],
  [
    'more steps than memory has room for',
    'count_over_time(vector(1)[100y:1ms])',
    422,
    /too many samples .*the limit is 50000000/,
  ],
])('%s is answered', async (_name, query, status, text) => {
  const answer = await post('query', { query });
  expect([answer.status, answer.text.slice(0, 100_000)]).toEqual([status, expect.stringMatching(text)]);
});

it('ten million steps are refused before anything is evaluated', async () => {
  const { status, json } = await post('query_range', { query: 'up', start: '0', end: '1e7', step: '1' });
  expect([status, json.error]).toEqual([400, expect.stringContaining('exceeded maximum resolution')]);
});

it('long regular expressions are not compiled on the main thread', async () => {
  const { status, json } = await post('query_exemplars', { query: `up{job=~"${'a'.repeat(10_001)}"}` });
  expect([status, json.error]).toEqual([
    400,
    'the regular expressions have 10001 characters; the limit is 10000 here',
  ]);
});

it('answers go on', async () => expect((await post('query', { query: '1+1' })).status).toBe(200));
