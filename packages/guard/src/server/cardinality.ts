import { compareStrings, createMatcher } from '../core/index.ts';
import type { Queryable, SeriesData } from '../promql/index.ts';

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
  /** As Prometheus keeps labels, not as they are kept here: what takes the room is the same. */
  readonly memoryInBytesByLabelName: readonly Stat[];
  readonly seriesCountByLabelValuePair: readonly Stat[];
}

/** How many series have each value of each label. */
type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Counts over all series in the store; each list has the `top` largest. Reads labels alone, no samples. */
export function cardinalityOf(storage: Queryable, top: number): Cardinality {
  const querier = storage.querier(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  try {
    const series = querier.select([createMatcher('__name__', '=~', '.+')]);
    const counts = countLabels(series);
    const pairs = [...counts].flatMap(([name, values]) =>
      [...values].map(([value, count]) => stat(`${name}=${value}`, count)),
    );
    const metrics = [...(counts.get('__name__') ?? [])].map(([name, count]) => stat(name, count));
    const valuesByName = [...counts].map(([name, values]) => stat(name, values.size));
    return {
      numSeries: series.length,
      numLabelPairs: pairs.length,
      seriesCountByMetricName: largest(metrics, top),
      labelValueCountByLabelName: largest(valuesByName, top),
      memoryInBytesByLabelName: largest(memoryOf(counts), top),
      seriesCountByLabelValuePair: largest(pairs, top),
    };
  } finally {
    querier.close();
  }
}

function countLabels(series: readonly SeriesData[]): Counts {
  const counts = new Map<string, Map<string, number>>();
  for (const { labels } of series) {
    for (const [name, value] of labels) {
      const values = counts.get(name);
      if (values) values.set(value, (values.get(value) ?? 0) + 1);
      else counts.set(name, new Map([[value, 1]]));
    }
  }
  return counts;
}

/** Name, value and a byte for the length of each, in every series. */
const memoryOf = (counts: Counts): Stat[] =>
  [...counts].map(([name, values]) => {
    let bytes = 0;
    for (const [value, count] of values)
      bytes += count * (Buffer.byteLength(name) + Buffer.byteLength(value) + 2);
    return stat(name, bytes);
  });

const stat = (name: string, value: number): Stat => ({ name, value });

const largest = (stats: readonly Stat[], top: number): Stat[] =>
  stats.toSorted((a, b) => b.value - a.value || compareStrings(a.name, b.name)).slice(0, top);
