import type { Location, Slabs } from './slabs.ts';

/**
 * Where one series' committed samples lie. Never changed, only replaced: whoever holds a state sees exactly its
 * samples for as long as the memory is not given back. Memory that a state names is only ever added to, beyond what
 * the state counts.
 */
export interface SeriesState {
  /** Rows that describe the sealed chunks; see `ChunkRow`. Meaningless when `directoryRows` is 0. */
  readonly directory: Location;
  /** Rows that the directory has room for. */
  readonly directoryRows: number;
  /** The sealed chunks are rows `[firstChunk, endChunk)`, ascending in time. */
  readonly firstChunk: number;
  readonly endChunk: number;
  /** A column of `openCapacity` timestamps, then as many values. Meaningless when `openCapacity` is 0. */
  readonly open: Location;
  readonly openCapacity: number;
  readonly openCount: number;
}

export const EMPTY_STATE: SeriesState = {
  directory: 0,
  directoryRows: 0,
  firstChunk: 0,
  endChunk: 0,
  open: 0,
  openCapacity: 0,
  openCount: 0,
};

/** Columns of a directory row, each one float. */
export const ChunkRow = { minTime: 0, maxTime: 1, location: 2, bytes: 3, count: 4, width: 5 } as const;

export const directoryBytes = (rows: number) => rows * ChunkRow.width * 8;
export const openBytes = (capacity: number) => capacity * 16;

export const directoryOf = (slabs: Slabs, state: SeriesState) =>
  slabs.floats(state.directory, state.directoryRows * ChunkRow.width);

export const openTimestamps = (slabs: Slabs, state: SeriesState) =>
  slabs.floats(state.open, state.openCapacity);

export const openValues = (slabs: Slabs, state: SeriesState) =>
  slabs.floats(state.open + state.openCapacity * 8, state.openCapacity);

/** The instants of the oldest and newest sample; undefined when there are none. */
export function timeSpan(slabs: Slabs, state: SeriesState): { min: number; max: number } | undefined {
  const { firstChunk, endChunk, openCount } = state;
  const hasChunks = endChunk > firstChunk;
  if (!hasChunks && openCount === 0) return undefined;
  const rows = hasChunks ? directoryOf(slabs, state) : undefined;
  const open = openCount > 0 ? openTimestamps(slabs, state) : undefined;
  return {
    min: rows ? rows[firstChunk * ChunkRow.width + ChunkRow.minTime]! : open![0]!,
    max: open ? open[openCount - 1]! : rows![(endChunk - 1) * ChunkRow.width + ChunkRow.maxTime]!,
  };
}

/** The first index in `[start, end)` whose element is at least `bound`, or `end`; elements ascend by `stride`. */
export function lowerBound(
  column: Float64Array,
  bound: number,
  start: number,
  end: number,
  stride = 1,
  offset = 0,
): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle * stride + offset]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
