import { compareLabels, type Labels, type Matcher, type Milliseconds } from '../core/index.ts';
import { firstAfter } from './engine/windows.ts';
import {
  type Appendable,
  type AppendOutcome,
  isStaleAt,
  type Querier,
  type Queryable,
  type Samples,
  type SeriesData,
  writeStaleAt,
} from './storage.ts';

/** Everything in memory, without limits: for tests and for rule tests. */
export interface MemoryStorage extends Queryable, Appendable {
  clear(): void;
}

interface Series {
  readonly labels: Labels;
  timestamps: Float64Array;
  values: Float64Array;
  size: number;
}

interface Write {
  readonly labels: Labels;
  readonly timestamp: Milliseconds;
  readonly value: number | 'stale';
}

const FIRST_CAPACITY = 16;

export function createMemoryStorage(): MemoryStorage {
  const all = new Map<string, Series>();
  let sorted: Series[] | undefined;

  function seriesOf(labels: Labels): Series {
    const known = all.get(labels.key);
    if (known) return known;
    const series: Series = {
      labels,
      timestamps: new Float64Array(FIRST_CAPACITY),
      values: new Float64Array(FIRST_CAPACITY),
      size: 0,
    };
    all.set(labels.key, series);
    sorted = undefined;
    return series;
  }

  function matching(matchers: readonly Matcher[]): Series[] {
    sorted ??= [...all.values()].sort((a, b) => compareLabels(a.labels, b.labels));
    return sorted.filter(({ labels }) => matchers.every(({ name, matches }) => matches(labels.get(name))));
  }

  function querier(): Querier {
    return {
      select: matchers => matching(matchers).map(dataOf),
      labelNames: matchers =>
        unique(matching(matchers).flatMap(({ labels }) => [...labels].map(([name]) => name))),
      labelValues: (name, matchers) =>
        unique(matching(matchers).flatMap(({ labels }) => (labels.has(name) ? [labels.get(name)] : []))),
      close: () => {},
    };
  }

  return {
    querier,
    appender() {
      const pending: Write[] = [];
      const newest = new Map<string, Write>();
      const stage = (write: Write): AppendOutcome => {
        const { key } = write.labels;
        const outcome = outcomeOf(newest.get(key) ?? newestOf(all.get(key)), write);
        if (outcome !== 'appended') return outcome;
        pending.push(write);
        newest.set(key, write);
        return outcome;
      };
      return {
        append: (labels, timestamp, value) => stage({ labels, timestamp, value }),
        appendStale: (labels, timestamp) => stage({ labels, timestamp, value: 'stale' }),
        appendExemplar: () => 'appended',
        commit: () => pending.splice(0).forEach(write => void push(seriesOf(write.labels), write)),
        rollback: () => void pending.splice(0),
      };
    },
    clear() {
      all.clear();
      sorted = undefined;
    },
  };
}

const unique = (values: string[]): string[] => [...new Set(values)].sort();

function newestOf(series: Series | undefined): Write | undefined {
  if (!series || series.size === 0) return undefined;
  const last = series.size - 1;
  const value = isStaleAt(series.values, last) ? 'stale' : series.values[last]!;
  return { labels: series.labels, timestamp: series.timestamps[last]!, value };
}

function outcomeOf(newest: Write | undefined, { timestamp, value }: Write): AppendOutcome {
  if (!newest || timestamp > newest.timestamp) return 'appended';
  if (timestamp < newest.timestamp) return 'out-of-order';
  return Object.is(newest.value, value) ? 'duplicate' : 'duplicate-other-value';
}

function push(series: Series, { timestamp, value }: Write): void {
  if (series.size === series.values.length) {
    const [timestamps, values] = [series.timestamps, series.values];
    series.timestamps = new Float64Array(series.size * 2);
    series.timestamps.set(timestamps);
    series.values = new Float64Array(series.size * 2);
    series.values.set(values);
  }
  series.timestamps[series.size] = timestamp;
  if (value === 'stale') writeStaleAt(series.values, series.size);
  else series.values[series.size] = value;
  series.size++;
}

/** The series as it stands now; what is appended later is not seen. */
function dataOf({ labels, timestamps, values, size }: Series): SeriesData {
  function samples(from: Milliseconds, to: Milliseconds): Samples {
    const start = firstAfter(timestamps, 0, size, from - 1);
    return { timestamps, values, start, end: firstAfter(timestamps, start, size, to) };
  }
  return {
    labels,
    samples,
    visit(from, to, visitor) {
      const found = samples(from, to);
      if (found.end > found.start) visitor.samples(found);
    },
  };
}
