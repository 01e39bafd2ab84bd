import type { Labels, Milliseconds } from '../core/index.ts';

/** A series as a target exposes it. */
export interface CachedSeries {
  /** As written. */
  readonly text: string;
  /** Final labels; undefined when relabelling drops the series. */
  readonly labels: Labels | undefined;
  /** Of the newest sample that the store took. */
  newest: Milliseconds;
}

/** Remembers the series of a target, to read and relabel each once and to see which ones vanish. */
export interface SeriesCache {
  /** What follows, going by the order of the last scrape; '' when that is not known. */
  expected(): string;
  /** The series, marked as seen; `again` when this scrape has seen it before. */
  find(text: string): { readonly series: CachedSeries; readonly again: boolean } | undefined;
  /** @param text a string of its own, not a slice of an exposition */
  add(text: string, labels: Labels | undefined): CachedSeries;
  /** The series goes stale when it vanishes. */
  track(series: CachedSeries): void;
  /** Labels tracked by the last finished scrape and not by this one. */
  vanished(): Labels[];
  /** Ends a scrape. `forget` drops what it has not seen. True when that was forced by growth. */
  finish(forget: boolean): boolean;
}

interface Entry extends CachedSeries {
  seenIn: number;
  trackedIn: number;
  /** Where it stood among the series of the last scrape that saw it. */
  position: number;
}

/** Growth by failing scrapes beyond twice what the last good one held plus this is forgotten, as in the reference. */
const FAILED_GROWTH = 1000;
const NEVER = -1;

export function createSeriesCache(): SeriesCache {
  const known = new Map<string, Entry>();
  /** Filled again with each scrape: `find` reuses one answer, as there are millions of them. */
  const found: { series: Entry; again: boolean } = { series: undefined as never, again: false };
  let order: Entry[] = [];
  let seen: Entry[] = [];
  let seenOnce = 0;
  let next = 0;
  let current: Entry[] = [];
  let previous: Entry[] = [];
  let scrape = 0;
  let goodSize = 0;

  function see(entry: Entry): void {
    if (entry.seenIn !== scrape) seenOnce++;
    entry.seenIn = scrape;
    seen.push(entry);
  }

  function forgetUnseen(): void {
    for (const [text, { seenIn }] of known) if (seenIn !== scrape) known.delete(text);
  }

  return {
    expected: () => order[next]?.text ?? '',
    find(text) {
      const guess = order[next];
      const series = guess?.text === text ? guess : known.get(text);
      if (!series) return undefined;
      next = series === guess ? next + 1 : series.position + 1;
      found.series = series;
      found.again = series.seenIn === scrape;
      see(series);
      return found;
    },
    add(text, labels) {
      const entry: Entry = {
        text,
        labels,
        newest: Number.NEGATIVE_INFINITY,
        seenIn: NEVER,
        trackedIn: NEVER,
        position: NEVER,
      };
      known.set(text, entry);
      see(entry);
      return entry;
    },
    track(series) {
      const entry = series as Entry;
      if (entry.trackedIn === scrape) return;
      entry.trackedIn = scrape;
      current.push(entry);
    },
    vanished() {
      const gone = previous.filter(({ trackedIn }) => trackedIn !== scrape);
      if (gone.length === 0) return [];
      // The same series may be written differently this time.
      const present = new Set(current.map(({ labels }) => labels!.key));
      return gone.map(({ labels }) => labels!).filter(({ key }) => !present.has(key));
    },
    finish(forget) {
      const forced = !forget && known.size > goodSize * 2 + FAILED_GROWTH;
      if (forget || forced) {
        if (known.size > seenOnce) forgetUnseen();
        order = seen;
        for (const [position, entry] of order.entries()) entry.position = position;
      }
      if (forget) goodSize = known.size;
      seen = [];
      seenOnce = 0;
      next = 0;
      previous = current;
      current = [];
      scrape++;
      return forced;
    },
  };
}
