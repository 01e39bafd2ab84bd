import { readVersion1 } from './read-v1.ts';
import { readVersion2 } from './read-v2.ts';
import { createSeriesCache } from './series-cache.ts';
import type { SeriesReader } from './series-reader.ts';
import { createSymbolIds } from './symbols.ts';
import type { WriteVersion } from './transaction.ts';

/** Opens decoded bodies; remembers series from one request to the next. */
export interface RequestReaders {
  /** @throws UserError `remote-write-malformed`, `remote-write-too-large` */
  open(body: Buffer, version: WriteVersion): SeriesReader;
}

/** What is remembered of series, each version for itself: some 600,000 series with labels of 200 bytes. */
const CACHE_BYTES = 256 * 1024 * 1024;

export function createRequestReaders(): RequestReaders {
  const series1 = createSeriesCache(CACHE_BYTES);
  const series2 = createSeriesCache(CACHE_BYTES);
  const symbols = createSymbolIds(CACHE_BYTES);
  return {
    open(body, version) {
      if (version === 1) {
        series1.trim();
        return readVersion1(body, series1);
      }
      series2.trim();
      // Keys of series are made of ids.
      if (symbols.trim()) series2.clear();
      return readVersion2(body, series2, symbols);
    },
  };
}
