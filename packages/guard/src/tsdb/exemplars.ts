import { compareLabels, type Labels, type Matcher, type Milliseconds } from '../core/index.ts';
import type { Exemplar, ExemplarOutcome } from '../promql/storage.ts';

/** A series and its exemplars in range, oldest first. */
export interface SeriesExemplars {
  readonly labels: Labels;
  readonly exemplars: readonly Exemplar[];
}

export interface ExemplarFigures {
  readonly exemplars: number;
  readonly series: number;
  /** Of the exemplar that was taken longest ago; 0 without any. */
  readonly oldestTimestamp: Milliseconds;
}

/**
 * The exemplars of all series that were taken last, as in Prometheus (tsdb/exemplar.go): a circular buffer, in which
 * one that is taken overwrites the one that was taken longest ago, of whichever series.
 */
export interface ExemplarStore {
  /** What adding it would give. */
  judge(series: Labels, exemplar: Exemplar): ExemplarOutcome;
  /** Only what is `appended` is kept, and nothing where the buffer has no room at all. */
  add(series: Labels, exemplar: Exemplar): ExemplarOutcome;
  /** Bounds inclusive. Series that meet every matcher of one of the sets, ordered by labels. */
  query(sets: ReadonlyArray<readonly Matcher[]>, from: Milliseconds, to: Milliseconds): SeriesExemplars[];
  figures(): ExemplarFigures;
}

/** A place in the buffer; those of a series are linked, oldest first. */
interface Entry {
  readonly exemplar: Exemplar;
  readonly owner: SeriesEntries;
  next: Entry | undefined;
}

interface SeriesEntries {
  readonly labels: Labels;
  oldest: Entry | undefined;
  newest: Entry | undefined;
}

/** OpenMetrics: the combined length of an exemplar's label names and values, in code points. */
const MAX_LABEL_LENGTH = 128;

/** `capacity`: exemplars of all series together; 0 keeps none. */
export function createExemplarStore(capacity: number): ExemplarStore {
  /** Grows to its capacity, and is then overwritten from the start. */
  const buffer: Entry[] = [];
  const bySeries = new Map<string, SeriesEntries>();
  let nextIndex = 0;

  function judge(series: Labels, exemplar: Exemplar): ExemplarOutcome {
    if (capacity === 0) return 'appended';
    if (isTooLong(exemplar.labels)) return 'labels-too-long';
    const newest = bySeries.get(series.key)?.newest?.exemplar;
    if (!newest) return 'appended';
    if (isSame(exemplar, newest)) return 'duplicate';
    return isBefore(exemplar, newest) ? 'out-of-order' : 'appended';
  }

  function evict({ owner, next }: Entry): void {
    // What a series got first stands first, and is overwritten first.
    owner.oldest = next;
    if (next) return;
    owner.newest = undefined;
    bySeries.delete(owner.labels.key);
  }

  function link(owner: SeriesEntries, exemplar: Exemplar): Entry {
    const entry: Entry = { exemplar, owner, next: undefined };
    if (owner.newest) owner.newest.next = entry;
    else owner.oldest = entry;
    owner.newest = entry;
    return entry;
  }

  function put(series: Labels, exemplar: Exemplar): void {
    const overwritten = buffer[nextIndex];
    if (overwritten) evict(overwritten);
    const owner = bySeries.get(series.key) ?? { labels: series, oldest: undefined, newest: undefined };
    bySeries.set(series.key, owner);
    buffer[nextIndex] = link(owner, exemplar);
    nextIndex = (nextIndex + 1) % capacity;
  }

  return {
    judge,
    add(series, exemplar) {
      const outcome = judge(series, exemplar);
      if (outcome === 'appended' && capacity > 0) put(series, exemplar);
      return outcome;
    },
    query(sets, from, to) {
      const found: SeriesExemplars[] = [];
      for (const owner of bySeries.values()) {
        const { labels } = owner;
        if (!sets.some(set => set.every(matcher => matcher.matches(labels.get(matcher.name))))) continue;
        const exemplars = within(owner, from, to);
        if (exemplars.length > 0) found.push({ labels, exemplars });
      }
      return found.sort((a, b) => compareLabels(a.labels, b.labels));
    },
    figures() {
      const oldest = buffer[buffer.length < capacity ? 0 : nextIndex];
      return {
        exemplars: buffer.length,
        series: bySeries.size,
        oldestTimestamp: oldest?.exemplar.timestamp ?? 0,
      };
    },
  };
}

function within({ oldest, newest }: SeriesEntries, from: Milliseconds, to: Milliseconds): Exemplar[] {
  const found: Exemplar[] = [];
  if (!newest || newest.exemplar.timestamp < from) return found;
  for (let entry = oldest; entry && entry.exemplar.timestamp <= to; entry = entry.next)
    if (entry.exemplar.timestamp >= from) found.push(entry.exemplar);
  return found;
}

function isTooLong({ flat }: Labels): boolean {
  // A code point is one or two units: most need not be counted.
  const units = flat.reduce((sum, text) => sum + text.length, 0);
  return units > MAX_LABEL_LENGTH && [...flat.join('')].length > MAX_LABEL_LENGTH;
}

const isSame = (a: Exemplar, b: Exemplar) =>
  a.timestamp === b.timestamp && a.value === b.value && a.labels.equals(b.labels);

/** Of one instant, the smaller value comes first. */
const isBefore = (a: Exemplar, b: Exemplar) =>
  a.timestamp < b.timestamp || (a.timestamp === b.timestamp && a.value < b.value);
