import type { SeriesIdentity } from './series-identity.ts';

/**
 * Series by the bytes that a sender sends for their labels. A sender repeats itself: parsing, sorting, judging and
 * the making of keys happen once a series, and later requests find the very same `Labels` object.
 */
export interface SeriesCache {
  find(key: string): SeriesIdentity | undefined;
  add(key: string, identity: SeriesIdentity): void;
  /** Forgets everything once the bound is passed. Between requests: one request can add what it is large. */
  trim(): void;
  clear(): void;
}

/** What a series costs besides its key: entry, object, list of strings. */
const OVERHEAD_BYTES = 200;

/** `maxBytes` bounds keys and overhead together. */
export function createSeriesCache(maxBytes: number): SeriesCache {
  const series = new Map<string, SeriesIdentity>();
  let bytes = 0;
  function clear(): void {
    series.clear();
    bytes = 0;
  }
  return {
    clear,
    find: key => series.get(key),
    add(key, identity) {
      series.set(key, identity);
      bytes += key.length + OVERHEAD_BYTES;
    },
    trim() {
      if (bytes > maxBytes) clear();
    },
  };
}
