import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSystemClock, Labels, silentLogger } from '../core/index.ts';
import { openStore, type Store } from '../tsdb/index.ts';
import { createQueryPool, type QueryPool } from './query-pool.ts';
import type { QueryRequest } from './query-protocol.ts';
import { type QueryAnswer, wholeBody } from './query-thread.ts';

const clock = createSystemClock();
const now = clock.now();
let evaluationInterval = 60_000;
let store: Store;
let pool: QueryPool;

const createPool = (maxWorkers: number) =>
  createQueryPool({
    limits: {
      lookbackDelta: 300_000,
      timeout: 60_000,
      maxSamples: 50_000_000,
      perStepStats: false,
    },
    evaluationInterval: () => evaluationInterval,
    clock,
    logger: silentLogger,
    connectReader: port => store.connectReader(port),
    flushReaders: () => store.flushReaders(),
    maxWorkers,
  });

beforeEach(() => {
  store = openStore({ clock, logger: silentLogger, registry: new Registry(), retention: 86_400_000 });
  pool = createPool(1);
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

const bodyOf = async (answer: QueryAnswer) =>
  answer.ok ? JSON.parse(new TextDecoder().decode(await wholeBody(answer))) : answer;
const instant = (expr: string): QueryRequest => ({ kind: 'instant', limit: 0, expr, at: now });
/** An answer of some megabytes. */
const long: QueryRequest = {
  kind: 'range',
  limit: 0,
  expr: Array.from({ length: 40 }, (_, i) => `label_replace(vector(${i}), "i", "${i}", "", "")`).join(' or '),
  start: now - 10_000_000,
  end: now,
  step: 1000,
};
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
    const answer = await bodyOf(await pool.run(instant('m')));
    expect(answer.data.result).toEqual([
      { metric: { __name__: 'm', job: 'x' }, value: [now / 1000, String(value)] },
    ]);
  }
});

it('answers series, labels and label values', async () => {
  append('m', 1, now - 1000);
  const question = { matches: ['m'], start: now - 60_000, end: now, limit: 0 };
  expect((await bodyOf(await pool.run({ kind: 'series', ...question }))).data).toEqual([
    { __name__: 'm', job: 'x' },
  ]);
  expect((await bodyOf(await pool.run({ kind: 'labels', ...question }))).data).toEqual(['__name__', 'job']);
  const values = await pool.run({ kind: 'label-values', name: 'job', ...question, matches: [] });
  expect((await bodyOf(values)).data).toEqual(['x']);
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
  expect((await bodyOf(await pool.run(instant('1+1')))).data.result[1]).toBe('2');
});

it('ends queries that wait for a thread at their timeout and when their client leaves', async () => {
  const blocking = pool.run(slow(30), { timeout: 400 });
  const late = pool.run(instant('1'), { timeout: 100 });
  const controller = new AbortController();
  const left = pool.run(instant('1'), { signal: controller.signal });
  controller.abort();
  expect(await left).toEqual({ ok: false, type: 'canceled', message: 'query was canceled in query queue' });
  expect(await late).toEqual({ ok: false, type: 'timeout', message: 'query timed out in query queue' });
  await blocking;
});

it('refuses a query when 200 wait, and says so', async () => {
  const waiting = Array.from({ length: 201 }, () => pool.run(slow(30), { timeout: 100 }));
  expect(await pool.run(instant('1'))).toEqual({
    ok: false,
    type: 'timeout',
    message: 'more than 200 queries are waiting',
  });
  await Promise.all(waiting);
});

it('hands a long answer over in parts, and answers others on the same thread meanwhile', async () => {
  const answer = await pool.run(long);
  if (!answer.ok || !answer.rest) throw new Error('the answer came in one piece');
  const second = await answer.rest.next();
  expect(second!.length).toBeGreaterThan(0);
  expect((await bodyOf(await pool.run(instant('1+1')))).data.result[1]).toBe('2');
  const body = Buffer.concat([answer.body, second!, await wholeBody({ ...answer, body: Buffer.of() })]);
  const { data } = JSON.parse(body.toString());
  expect(data.result).toHaveLength(40);
  for (const { values } of data.result) expect(values).toHaveLength(10_001);
});

it('lets no more than four answers wait for their clients on one thread', async () => {
  const answers: QueryAnswer[] = [];
  for (let i = 0; i < 4; i++) answers.push(await pool.run(long));
  const fifth = pool.run(instant('1+1'));
  expect(await Promise.race([fifth, clock.sleep(200)])).toBeUndefined();
  const [first] = answers;
  if (first?.ok) first.rest?.drop();
  expect((await bodyOf(await fifth)).data.result[1]).toBe('2');
});

it('fails what is under way when it is closed', async () => {
  const answer = await pool.run(long);
  if (!answer.ok || !answer.rest) throw new Error('the answer came in one piece');
  const part = expect(answer.rest.next()).rejects.toThrow('the server is stopping');
  const running = pool.run(slow(30));
  await pool.close();
  await part;
  expect(await running).toEqual({ ok: false, type: 'canceled', message: 'the server is stopping' });
});

it('takes over another step for subqueries that give none', async () => {
  const steps = async () => {
    const { data } = await bodyOf(await pool.run(instant('count_over_time(vector(1)[10m:])')));
    return data.result[0].value[1];
  };
  expect(await steps()).toBe('10');
  evaluationInterval = 120_000;
  expect(await steps()).toBe('5');
});
