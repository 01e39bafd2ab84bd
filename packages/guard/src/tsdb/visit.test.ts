import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSummary, Samples, SeriesData } from '../promql/storage.ts';
import type { Store } from './store.ts';
import { EPOCH, openTestStore, type Point, points, write } from './testing.ts';

const CHUNK = 4;

/** A store whose series `a` has these values, 10 ms apart, long chunks made on the way. */
async function storeOf(values: ReadonlyArray<number | 'stale'>, folder?: string): Promise<Store> {
  const store = openTestStore({ chunkSize: CHUNK, ...(folder ? { directory: folder } : {}) });
  for (const [i, value] of values.entries()) {
    write(store, EPOCH + i * 10, { a: value });
    if (i % 7 === 0) await store.maintain();
  }
  return store;
}

function withSeries<T>(store: Store, use: (series: SeriesData) => T): T {
  const querier = store.querier(0, 2 ** 50);
  try {
    return use(querier.select([])[0]!);
  } finally {
    querier.close();
  }
}

/** What is visited, in order; summaries are taken or refused as `takes` says. */
function visited(series: SeriesData, from: number, to: number, takes: boolean): Array<RunSummary | Point> {
  const found: Array<RunSummary | Point> = [];
  series.visit(from, to, {
    samples: (samples: Samples) => void found.push(...points(samples)),
    summary(summary) {
      if (takes) found.push({ ...summary });
      return takes;
    },
  });
  return found;
}

const isSummary = (each: RunSummary | Point): each is RunSummary => 'count' in each;

/** By definition. */
function summaryOf(run: readonly Point[]): RunSummary {
  const values = run.map(([, value]) => value as number);
  const isNumber = (value: number) => !Number.isNaN(value);
  const pick = (better: (a: number, b: number) => boolean) =>
    values
      .filter(isNumber)
      .reduce((best, value) => (better(value, best) ? value : best), values.find(isNumber) ?? Number.NaN);
  const exact = values.every(value => Number.isInteger(value) && !Object.is(value, -0));
  const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const pairs = values.slice(1).map((value, i) => [values[i]!, value] as const);
  return {
    count: run.length,
    firstTime: run[0]![0],
    lastTime: run.at(-1)![0],
    first: values[0]!,
    last: values.at(-1)!,
    min: pick((a, b) => a < b),
    max: pick((a, b) => a > b),
    sum: exact && size < 2 ** 52 ? values.reduce((sum, value) => sum + value, 0) : Number.NaN,
    changes: pairs.filter(([a, b]) => a !== b && (isNumber(a) || isNumber(b))).length,
    resets: pairs.filter(([a, b]) => b < a).length,
  };
}

const value = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 50 }) },
  fc.constantFrom(-0, 0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 51),
);

describe('visiting a series', () => {
  it('gives every sample of the range in order when summaries are refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 20, arbitrary: value }, fc.constant('stale' as const)), {
          minLength: 1,
          maxLength: 150,
        }),
        fc.nat(1500),
        fc.nat(1500),
        async (values, from, length) => {
          withSeries(await storeOf(values), series => {
            const [first, last] = [EPOCH + from, EPOCH + from + length];
            expect(visited(series, first, last, false)).toEqual(points(series.samples(first, last)));
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives summaries that are what their samples come to, in their place', async () => {
    let summaries = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 200, size: 'max' }),
        fc.nat(500),
        async (values, from) => {
          withSeries(await storeOf(values), series => {
            const all = points(series.samples(EPOCH + from, 2 ** 50));
            let at = 0;
            for (const each of visited(series, EPOCH + from, 2 ** 50, true)) {
              if (isSummary(each)) expect(each).toEqual(summaryOf(all.slice(at, at + each.count)));
              else expect(each).toEqual(all[at]);
              if (isSummary(each)) summaries++;
              at += isSummary(each) ? each.count : 1;
            }
            expect(at).toBe(all.length);
          });
        },
      ),
      { numRuns: 60 },
    );
    expect(summaries).toBeGreaterThan(50);
  });

  it('never summarises a run with a staleness marker', async () => {
    const values = Array.from({ length: 100 }, (_, i) => (i === 40 ? ('stale' as const) : i));
    withSeries(await storeOf(values), series => {
      const found = visited(series, 0, 2 ** 50, true);
      expect(found.filter(isSummary).length).toBeGreaterThan(0);
      expect(found.filter(each => !isSummary(each) && each[1] === 'stale')).toHaveLength(1);
    });
  });
});
