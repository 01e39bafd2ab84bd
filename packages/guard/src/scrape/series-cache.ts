import type { Labels } from '../core/index.ts';

/** What is known about an exposed series. */
export interface CachedSeries {
  /** Final labels; undefined when relabelling drops the series. */
  readonly labels: Labels | undefined;
  lastScrape: number;
}

/** Remembers the series of a target, to relabel each once and to see which ones vanish. */
export interface SeriesCache {
  /** The entry, marked as seen; `again` when this scrape has seen it before. */
  find(exposed: Labels): { readonly series: CachedSeries; readonly again: boolean } | undefined;
  add(exposed: Labels, labels: Labels | undefined): void;
  /** The series is exposed now, without a timestamp of its own: it goes stale when it vanishes. */
  track(labels: Labels): void;
  /** Tracked by the last finished scrape and not by this one. */
  vanished(): Labels[];
  /** Ends a scrape. `forget` drops what it has not seen. */
  finish(forget: boolean): void;
}

/** Growth by failing scrapes beyond twice what the last good one held plus this is forgotten, as in the reference. */
const FAILED_GROWTH = 1000;

export function createSeriesCache(): SeriesCache {
  const known = new Map<string, CachedSeries>();
  let current = new Map<string, Labels>();
  let previous = new Map<string, Labels>();
  let scrape = 0;
  let goodSize = 0;
  return {
    find(exposed) {
      const series = known.get(exposed.key);
      if (!series) return undefined;
      const again = series.lastScrape === scrape;
      series.lastScrape = scrape;
      return { series, again };
    },
    add(exposed, labels) {
      known.set(exposed.key, { labels, lastScrape: scrape });
    },
    track(labels) {
      current.set(labels.key, labels);
    },
    vanished: () => [...previous].filter(([key]) => !current.has(key)).map(([, labels]) => labels),
    finish(forget) {
      if (forget) goodSize = known.size;
      if (forget || known.size > goodSize * 2 + FAILED_GROWTH) {
        for (const [key, series] of known) if (series.lastScrape !== scrape) known.delete(key);
      }
      previous = current;
      current = new Map();
      scrape++;
    },
  };
}
