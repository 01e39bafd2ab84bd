import { compareLabels, type Labels, type Matcher, type Milliseconds } from '../core/index.ts';
import type { Exemplar, ExemplarOutcome } from '../promql/storage.ts';

/** A series and its exemplars in range, oldest first. */
export interface SeriesExemplars {
  readonly labels: Labels;
  readonly exemplars: readonly Exemplar[];
}

/** The newest exemplars of each series; in memory only, as in Prometheus. */
export interface ExemplarStore {
  /** What adding it would give. */
  judge(series: Labels, exemplar: Exemplar): ExemplarOutcome;
  /** One that repeats the newest, or is older, is dropped. */
  add(series: Labels, exemplar: Exemplar): boolean;
  /** Bounds inclusive. Series that meet every matcher of one of the sets, ordered by labels. */
  query(sets: ReadonlyArray<readonly Matcher[]>, from: Milliseconds, to: Milliseconds): SeriesExemplars[];
  /** Forgets series that `isAlive` denies. */
  prune(isAlive: (labels: Labels) => boolean): void;
}

/** Exemplars kept a series: enough to show beside a graph, little beside its samples. */
const PER_SERIES = 10;
/** OpenMetrics: the combined length of an exemplar's label names and values, in code points. */
const MAX_LABEL_LENGTH = 128;

export function createExemplarStore(): ExemplarStore {
  const bySeries = new Map<string, { labels: Labels; exemplars: Exemplar[] }>();

  function judge(series: Labels, exemplar: Exemplar): ExemplarOutcome {
    if ([...exemplar.labels.flat.join('')].length > MAX_LABEL_LENGTH) return 'labels-too-long';
    const last = bySeries.get(series.key)?.exemplars.at(-1);
    if (!last) return 'appended';
    if (isSame(exemplar, last)) return 'duplicate';
    return isBefore(exemplar, last) ? 'out-of-order' : 'appended';
  }

  return {
    judge,
    add(series, exemplar) {
      if (judge(series, exemplar) !== 'appended') return false;
      const entry = bySeries.get(series.key) ?? { labels: series, exemplars: [] };
      bySeries.set(series.key, entry);
      entry.exemplars.push(exemplar);
      if (entry.exemplars.length > PER_SERIES) entry.exemplars.shift();
      return true;
    },
    query(sets, from, to) {
      const found: SeriesExemplars[] = [];
      for (const { labels, exemplars } of bySeries.values()) {
        if (!sets.some(set => set.every(matcher => matcher.matches(labels.get(matcher.name))))) continue;
        const inRange = exemplars.filter(({ timestamp }) => timestamp >= from && timestamp <= to);
        if (inRange.length > 0) found.push({ labels, exemplars: inRange });
      }
      return found.sort((a, b) => compareLabels(a.labels, b.labels));
    },
    prune(isAlive) {
      for (const [key, { labels }] of bySeries) if (!isAlive(labels)) bySeries.delete(key);
    },
  };
}

const isSame = (a: Exemplar, b: Exemplar) =>
  a.timestamp === b.timestamp && Object.is(a.value, b.value) && a.labels.equals(b.labels);

/** Of one instant, the smaller value comes first. */
const isBefore = (a: Exemplar, b: Exemplar) =>
  a.timestamp < b.timestamp || (a.timestamp === b.timestamp && a.value < b.value);
