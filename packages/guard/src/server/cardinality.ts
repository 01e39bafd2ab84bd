import { compareStrings, createMatcher } from '../core/index.ts';
import type { Queryable } from '../promql/index.ts';

interface Stat {
  readonly name: string;
  readonly value: number;
}

/** What `/api/v1/status/tsdb` shows: how many series there are, and what multiplies them. */
export interface Cardinality {
  readonly numSeries: number;
  readonly numLabelPairs: number;
  readonly seriesCountByMetricName: readonly Stat[];
  readonly labelValueCountByLabelName: readonly Stat[];
  /** Of the values alone, each counted once. */
  readonly memoryInBytesByLabelName: readonly Stat[];
  readonly seriesCountByLabelValuePair: readonly Stat[];
}

/** Counts over all series in the store; each list has the `top` largest. Reads labels alone, no samples. */
export function cardinalityOf(storage: Queryable, top: number): Cardinality {
  const querier = storage.querier(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  try {
    const series = querier.select([createMatcher('__name__', '=~', '.+')]);
    const pairs = new Map<string, number>();
    const metrics = new Map<string, number>();
    const values = new Map<string, Set<string>>();
    for (const { labels } of series) {
      increment(metrics, labels.get('__name__'));
      for (const [name, value] of labels) {
        increment(pairs, `${name}=${value}`);
        const known = values.get(name);
        if (known) known.add(value);
        else values.set(name, new Set([value]));
      }
    }
    const byName = [...values].map(([name, set]) => [name, set] as const);
    return {
      numSeries: series.length,
      numLabelPairs: pairs.size,
      seriesCountByMetricName: largest(metrics, top),
      labelValueCountByLabelName: largest(new Map(byName.map(([name, set]) => [name, set.size])), top),
      memoryInBytesByLabelName: largest(new Map(byName.map(([name, set]) => [name, bytesOf(set)])), top),
      seriesCountByLabelValuePair: largest(pairs, top),
    };
  } finally {
    querier.close();
  }
}

const increment = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

const bytesOf = (texts: Iterable<string>) => {
  let sum = 0;
  for (const text of texts) sum += Buffer.byteLength(text);
  return sum;
};

const largest = (counts: ReadonlyMap<string, number>, top: number): Stat[] =>
  [...counts]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value || compareStrings(a.name, b.name))
    .slice(0, top);
