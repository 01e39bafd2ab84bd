import type { Milliseconds } from '../core/index.ts';
import type { ChunkTableName } from './chunk-tables.ts';

/** A stored chunk: when it begins, and the row that holds it. */
export interface StoredRow {
  readonly start: Milliseconds;
  readonly table: ChunkTableName;
  readonly row: number;
}

/**
 * Which row of the file holds which chunk. Kept in memory rather than in an index of the database: nothing checks an
 * index against its table, and chunks that replace others come at the rate of the samples.
 */
export interface StoredRows {
  /** The chunks of a series that begin within `[from, to]`. */
  within(series: number, from: Milliseconds, to: Milliseconds): StoredRow[];
  /** A chunk that the file has. */
  add(series: number, row: StoredRow): void;
  /** `added`, by time, is what the series has within `[from, to]` from now on. */
  replace(series: number, from: Milliseconds, to: Milliseconds, added: readonly StoredRow[]): void;
}

/** Columns of a series' starts, ascending, and rows: those of `tails` as negative numbers. */
interface Columns {
  readonly starts: number[];
  readonly rows: number[];
}

export function createStoredRows(): StoredRows {
  const bySeries = new Map<number, Columns>();

  function bounds(starts: readonly number[], from: Milliseconds, to: Milliseconds) {
    // Most of what is replaced stands at the end.
    let end = starts.length;
    while (end > 0 && starts[end - 1]! > to) end--;
    let first = end;
    while (first > 0 && starts[first - 1]! >= from) first--;
    return { first, end };
  }

  function replace(series: number, from: Milliseconds, to: Milliseconds, added: readonly StoredRow[]): void {
    const { starts, rows } = bySeries.get(series) ?? { starts: [], rows: [] };
    const { first, end } = bounds(starts, from, to);
    starts.splice(first, end - first, ...added.map(({ start }) => start));
    rows.splice(first, end - first, ...added.map(numberOf));
    if (starts.length === 0) bySeries.delete(series);
    else bySeries.set(series, { starts, rows });
  }

  return {
    add(series, row) {
      const known = bySeries.get(series);
      // Most come in order.
      if (known && known.starts.at(-1)! < row.start) {
        known.starts.push(row.start);
        known.rows.push(numberOf(row));
      } else replace(series, row.start, row.start, [row]);
    },
    within(series, from, to) {
      const known = bySeries.get(series);
      if (!known) return [];
      const { starts, rows } = known;
      const found: StoredRow[] = [];
      const { first, end } = bounds(starts, from, to);
      for (let i = first; i < end; i++) found.push(rowOf(starts[i]!, rows[i]!));
      return found;
    },
    replace,
  };
}

const numberOf = ({ table, row }: StoredRow) => (table === 'tails' ? -row : row);
const rowOf = (start: Milliseconds, number: number): StoredRow => ({
  start,
  table: number < 0 ? 'tails' : 'chunks',
  row: Math.abs(number),
});
