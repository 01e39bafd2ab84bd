import { expect, it } from 'vitest';
import { Labels } from '../../core/index.ts';
import { createEngine, parseExpr } from '../index.ts';
import { createMemoryStorage } from '../testing.ts';

const STEP = 15_000;
const storage = createMemoryStorage();
const appender = storage.appender();
for (const i of ['a', 'b'])
  for (let n = 0; n < 100; n++) appender.append(Labels.of({ __name__: 'x_total', i }), n * STEP, n);
appender.commit();

const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 10_000 });

const range = (expr: string) =>
  engine.range(
    storage,
    parseExpr(expr),
    { start: 600_000, end: 660_000, step: 30_000 },
    { countsSamples: true },
  ).statistics;

it('counts every window whole, and what is read once', () =>
  expect(range('rate(x_total[1m])')).toEqual({
    totalQueryableSamples: 24,
    samplesRead: 16,
    seriesTouched: 2,
    peakSamples: expect.any(Number),
    totalPerStep: [
      [600_000, 8],
      [630_000, 8],
      [660_000, 8],
    ],
    readPerStep: [
      [600_000, 8],
      [630_000, 4],
      [660_000, 4],
    ],
  }));

it('counts for every step what is evaluated once, and its reading once', () =>
  expect(range('sum(x_total @ 600)')).toMatchObject({
    totalQueryableSamples: 6,
    samplesRead: 2,
    seriesTouched: 2,
  }));

it('counts of a subquery what the outer windows look at', () => {
  // Steps of the subquery stand at whole 20 seconds; each window of 20 seconds holds one.
  expect(range('max_over_time(x_total[20s:20s])')).toMatchObject({
    totalQueryableSamples: 6,
    samplesRead: 6,
  });
  expect(range('max_over_time(x_total[1m:20s])')).toMatchObject({
    totalQueryableSamples: 18,
    samplesRead: 12,
  });
});

it('counts nothing unless it is asked to', () =>
  expect(engine.instant(storage, parseExpr('x_total'), 600_000).statistics).toBeUndefined());
