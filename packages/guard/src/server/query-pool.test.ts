import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSystemClock, Labels, silentLogger } from '../core/index.ts';
import { openStore, type Store } from '../tsdb/index.ts';
import { createQueryPool, type QueryPool } from './query-pool.ts';
import type { QueryAnswer, QueryRequest } from './query-protocol.ts';

const clock = createSystemClock();
const now = clock.now();
let store: Store;
let pool: QueryPool;

beforeEach(() => {
  store = openStore({ clock, logger: silentLogger, registry: new Registry(), retention: 86_400_000 });
  pool = createQueryPool({
    limits: { lookbackDelta: 300_000, timeout: 60_000, maxSamples: 50_000_000 },
    logger: silentLogger,
    connectReader: port => store.connectReader(port),
    flushReaders: () => store.flushReaders(),
    maxWorkers: 2,
  });
});
afterEach(async () => {
  await pool.close();
  store.close();
});

function append(name: string, value: number, at: number): void {
  const appender = store.appender();
  appender.append(Labels.of({ __name__: name, job: 'x' }), at, value);
  appender.commit();
}

const bodyOf = (answer: QueryAnswer) =>
  answer.ok ? JSON.parse(new TextDecoder().decode(answer.body)) : answer;
const instant = (expr: string): QueryRequest => ({ kind: 'instant', limit: 0, expr, at: now });
/** Some seconds of work. */
const slow = (seconds: number): QueryRequest => ({
  kind: 'range',
  limit: 0,
  expr: 'quantile_over_time(0.5, vector(1)[1h:1s])',
  start: now - seconds * 400_000,
  end: now,
  step: 1000,
});

it('sees what was committed before the query was asked', async () => {
  for (let value = 1; value <= 20; value++) {
    append('m', value, now - 1000 + value);
    const answer = bodyOf(await pool.run(instant('m')));
    expect(answer.data.result).toEqual([
      { metric: { __name__: 'm', job: 'x' }, value: [now / 1000, String(value)] },
    ]);
  }
});

it('answers series, labels and label values', async () => {
  append('m', 1, now - 1000);
  const question = { matches: ['m'], start: now - 60_000, end: now, limit: 0 };
  expect(bodyOf(await pool.run({ kind: 'series', ...question })).data).toEqual([{ __name__: 'm', job: 'x' }]);
  expect(bodyOf(await pool.run({ kind: 'labels', ...question })).data).toEqual(['__name__', 'job']);
  expect(
    bodyOf(await pool.run({ kind: 'label-values', name: 'job', ...question, matches: [] })).data,
  ).toEqual(['x']);
});

it.each([
  ['sum(', 'bad_data'],
  ['rate(m)', 'bad_data'],
])('says what is wrong with %s', async (expr, type) => {
  expect(await pool.run(instant(expr))).toMatchObject({ ok: false, type });
});

it('ends a query at its timeout and when its client leaves, and goes on', async () => {
  expect(await pool.run(slow(30), { timeout: 100 })).toMatchObject({ ok: false, type: 'timeout' });
  const controller = new AbortController();
  const running = pool.run(slow(30), { signal: controller.signal });
  setTimeout(() => controller.abort(), 100);
  expect(await running).toMatchObject({ ok: false, type: 'canceled' });
  expect(bodyOf(await pool.run(instant('1+1'))).data.result[1]).toBe('2');
});
