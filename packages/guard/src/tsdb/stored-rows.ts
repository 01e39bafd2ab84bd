import type { Milliseconds } from '../core/index.ts';

/** A stored chunk: when it begins, and the row of the file that holds it. */
export interface StoredRow {
  readonly start: Milliseconds;
  readonly row: number;
}

/**
 * Which row of the file holds which chunk. Kept in memory rather than in an index of the database: nothing checks an
 * index against its table, and chunks that replace others come at the rate of the samples.
 */
export interface StoredRows {
  /** Rows of a series whose chunks begin within `[from, to]`. */
  within(series: number, from: Milliseconds, to: Milliseconds): number[];
  /** `added`, by time, is what the series has within `[from, to]` from now on. */
  replace(series: number, from: Milliseconds, to: Milliseconds, added: readonly StoredRow[]): void;
}

export function createStoredRows(): StoredRows {
  /** Columns of starts and rows by series, ascending in time. */
  const bySeries = new Map<number, { starts: number[]; rows: number[] }>();

  function bounds(starts: readonly number[], from: Milliseconds, to: Milliseconds) {
    // Most of what is replaced stands at the end.
    let end = starts.length;
    while (end > 0 && starts[end - 1]! > to) end--;
    let first = end;
    while (first > 0 && starts[first - 1]! >= from) first--;
    return { first, end };
  }

  return {
    within(series, from, to) {
      const known = bySeries.get(series);
      if (!known) return [];
      const { first, end } = bounds(known.starts, from, to);
      return known.rows.slice(first, end);
    },
    replace(series, from, to, added) {
      const { starts, rows } = bySeries.get(series) ?? { starts: [], rows: [] };
      const { first, end } = bounds(starts, from, to);
      starts.splice(first, end - first, ...added.map(({ start }) => start));
      rows.splice(first, end - first, ...added.map(({ row }) => row));
      if (starts.length === 0) bySeries.delete(series);
      else bySeries.set(series, { starts, rows });
    },
  };
}
