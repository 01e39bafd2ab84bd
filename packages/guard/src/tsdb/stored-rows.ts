import type { Milliseconds } from '../core/index.ts';

/**
 * Which row of the file holds which chunk. Kept in memory rather than in an index of the database: nothing checks an
 * index against its table, and chunks that replace others come at the rate of the samples.
 */
export interface StoredRows {
  /** A chunk, newer than all others of its series, is in row `row` now. */
  add(series: number, start: Milliseconds, row: number): void;
  /** Takes out the rows of a series whose chunks start at `from` or later. */
  takeSince(series: number, from: Milliseconds): number[];
  /** Takes out the rows of a series whose chunks start before `end`. */
  takeBefore(series: number, end: Milliseconds): number[];
}

export function createStoredRows(): StoredRows {
  /** Start and row in turn, ascending. */
  const bySeries = new Map<number, number[]>();

  function take(series: number, first: number, end: number): number[] {
    const rows = bySeries.get(series) ?? [];
    const taken = rows.splice(first, end - first);
    if (rows.length === 0) bySeries.delete(series);
    return taken.filter((_, i) => i % 2 === 1);
  }

  return {
    add(series, start, row) {
      const rows = bySeries.get(series);
      if (rows) rows.push(start, row);
      else bySeries.set(series, [start, row]);
    },
    takeSince(series, from) {
      const rows = bySeries.get(series) ?? [];
      let first = rows.length;
      while (first > 0 && rows[first - 2]! >= from) first -= 2;
      return take(series, first, rows.length);
    },
    takeBefore(series, end) {
      const rows = bySeries.get(series) ?? [];
      let stop = 0;
      while (stop < rows.length && rows[stop]! < end) stop += 2;
      return take(series, 0, stop);
    },
  };
}
