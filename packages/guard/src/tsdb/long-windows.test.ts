import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine, parseExpr, type Queryable, type QueryResult } from '../promql/index.ts';
import { createMemoryStorage } from '../promql/memory-storage.ts';
import type { Appendable } from '../promql/storage.ts';
import { EPOCH, labels, openTestStore } from './testing.ts';

/*
 * What the engine answers from summaries must be what it answers from every sample: the same store with chunks so
 * short that long ones abound, and one that knows no summaries.
 */
const FUNCTIONS = [
  'rate',
  'increase',
  'delta',
  'irate',
  'idelta',
  'changes',
  'resets',
  'deriv',
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'count_over_time',
  'first_over_time',
  'last_over_time',
  'present_over_time',
  'absent_over_time',
  'stddev_over_time',
  'stdvar_over_time',
] as const;

const STEP = 1000;
const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 1_000_000 });

type Value = number | 'stale' | 'missing';

async function fill(
  storage: Appendable,
  values: readonly Value[],
  maintain: () => Promise<void>,
): Promise<void> {
  for (const [i, value] of values.entries()) {
    if (value === 'missing') continue;
    const appender = storage.appender();
    if (value === 'stale') appender.appendStale(labels('a_total'), EPOCH + i * STEP);
    else appender.append(labels('a_total'), EPOCH + i * STEP, value);
    appender.commit();
    if (i % 16 === 0) await maintain();
  }
}

/** Bit by bit, signed zeros included; which NaN it is means nothing. */
function textOf(result: QueryResult): string {
  const bits = (value: number) =>
    Number.isNaN(value) ? 'NaN' : new BigUint64Array(Float64Array.of(value).buffer)[0]!.toString(16);
  if (result.type === 'vector') return result.samples.map(({ value }) => bits(value)).join();
  if (result.type === 'matrix')
    return result.series
      .map(each => [...each.values].map((value, i) => `${each.timestamps[i]}:${bits(value)}`))
      .join();
  throw new Error('BUG: neither vector nor matrix');
}

async function differences(values: readonly Value[], range: number, end: number): Promise<string[]> {
  const store = openTestStore({ chunkSize: 4 });
  const memory = createMemoryStorage();
  await fill(store, values, store.maintain);
  await fill(memory, values, async () => {});
  const at = EPOCH + end * STEP + 300;
  const ask = (storage: Queryable, text: string) => {
    const expr = parseExpr(text);
    const few = { start: at - 20_000, end: at, step: 10_000 };
    const many = { start: at - 40_000, end: at, step: 2_000 };
    return [
      textOf(engine.instant(storage, expr, at)),
      textOf(engine.range(storage, expr, few)),
      textOf(engine.range(storage, expr, many)),
    ].join(' ');
  };
  const queries = FUNCTIONS.flatMap(name => [
    `${name}(a_total[${range}s])`,
    `${name}(a_total[${range}s] @ ${at / 1000} offset 3s)`,
  ]);
  return queries.filter(query => ask(store, query) !== ask(memory, query));
}

const rising = fc
  .array(fc.oneof({ weight: 30, arbitrary: fc.nat(20) }, fc.constant(-1)), {
    minLength: 1,
    maxLength: 200,
    size: 'max',
  })
  .map(steps => {
    let total = 0;
    return steps.map((step): Value => (total = step < 0 ? 0 : total + step));
  });
const wild = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: -1000, max: 1000 }) as fc.Arbitrary<Value> },
    { weight: 3, arbitrary: fc.double() as fc.Arbitrary<Value> },
    fc.constantFrom<Value>('stale', 'missing', -0, 0, Number.NaN, 2 ** 51, 0.1),
  ),
  { minLength: 1, maxLength: 200, size: 'max' },
);

describe('a long window', () => {
  it.each([
    ['a counter that is reset now and then', rising],
    ['integers', fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 200, size: 'max' })],
    ['anything', wild],
  ])('is worth what all its samples are worth, bit for bit: %s', async (_, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(
        arbitrary,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 210 }),
        async (values, range, end) => {
          expect(await differences(values, range, end)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
