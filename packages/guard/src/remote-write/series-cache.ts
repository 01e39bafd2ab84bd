import { ByteTable } from './byte-table.ts';
import type { SeriesIdentity } from './series-identity.ts';

/**
 * Series by the bytes that a sender sends for their labels. A sender repeats itself: parsing, sorting, judging and
 * the making of keys happen once a series, and later requests find the very same `Labels` object.
 */
export interface SeriesCache {
  /** The series with the bytes of `view` from `start` to `end`; `read` is called where they are new. */
  find(view: DataView, start: number, end: number, read: () => SeriesIdentity): SeriesIdentity;
  /** Forgets everything once the bound is passed. Between requests: one request can add what it is large. */
  trim(): void;
  clear(): void;
}

/** What a series costs besides its bytes in the table: objects and strings. */
const IDENTITY_BYTES = 200;

/** `maxBytes` bounds what is remembered, all in all. */
export function createSeriesCache(maxBytes: number): SeriesCache {
  const table = new ByteTable();
  let identities: SeriesIdentity[] = [];

  function clear(): void {
    table.clear();
    identities = [];
  }

  return {
    find(view, start, end, read) {
      const known = table.find(view, start, end);
      if (known >= 0) return identities[known]!;
      const identity = read();
      if (table.add(view, start, end) >= 0) identities.push(identity);
      return identity;
    },
    trim() {
      if (table.bytes + identities.length * IDENTITY_BYTES > maxBytes) clear();
    },
    clear,
  };
}
