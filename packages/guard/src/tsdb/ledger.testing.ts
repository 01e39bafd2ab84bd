import { Registry } from 'prom-client';
import { createVirtualClock, type Logger, milliseconds, silentLogger } from '../core/index.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';
import { contentOf, labels } from './testing.ts';

/** A content that can be checked without having been kept: transaction n gives every series a known value at n. */
export const ledgerSeries = Array.from({ length: 12 }, (_, i) => labels('ledger', { series: `${i}` }));

export function ledgerValue(n: number, series: number): number | 'stale' {
  if (series === 0 && n % 10 === 0) return 'stale';
  if (series % 3 === 0) return Math.sqrt(n * (series + 1));
  return n * (series + 1);
}

export function openLedgerStore(directory: string, logger: Logger = silentLogger): Store {
  return openStore({
    directory,
    clock: createVirtualClock(milliseconds(1_000_000)),
    logger,
    registry: new Registry(),
    retention: 10_000_000,
    chunkSize: 20,
    checkpointInterval: 0,
  });
}

/** What is in the store and not as written, and how many samples are missing up to transaction `until`. */
export function auditLedger(store: Store, until: number): { wrong: string[]; missing: number } {
  const wrong: string[] = [];
  let present = 0;
  const content = contentOf(store);
  for (const [index, series] of ledgerSeries.entries()) {
    for (const [n, value] of content[series.toString()] ?? []) {
      if (!Object.is(value, ledgerValue(n, index))) wrong.push(`${series} at ${n}: ${value}`);
      if (n <= until) present++;
    }
    delete content[series.toString()];
  }
  wrong.push(...Object.keys(content));
  return { wrong, missing: until * ledgerSeries.length - present };
}

export function writeLedger(store: Store, from: number, until: number): void {
  for (let n = from; n <= until; n++) {
    const appender = store.appender();
    for (const [index, series] of ledgerSeries.entries()) {
      const value = ledgerValue(n, index);
      if (value === 'stale') appender.appendStale(series, n);
      else appender.append(series, n, value);
    }
    appender.commit();
  }
}
