import type { Location, Slabs } from './slabs.ts';
import { SUMMARY_FLOATS } from './summary.ts';

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

/**
 * Columns of a directory row, each one float. The payload lies at `location`. When `summarised` is 1 a summary of
 * `SUMMARY_FLOATS` follows: in the row, since a long window reads hundreds of them, and nothing else.
 */
export const ChunkRow = {
  minTime: 0,
  maxTime: 1,
  location: 2,
  bytes: 3,
  count: 4,
  summarised: 5,
  summary: 6,
  width: 6 + SUMMARY_FLOATS,
} as const;

export const directoryBytes = (rows: number) => rows * ChunkRow.width * 8;
export const openBytes = (capacity: number) => capacity * 16;

/** The instants of the oldest and newest sample; undefined when there are none. */
export function timeSpan(slabs: Slabs, state: SeriesState): { min: number; max: number } | undefined {
  const { firstChunk, endChunk, openCount } = state;
  const hasChunks = endChunk > firstChunk;
  if (!hasChunks && openCount === 0) return undefined;
  return {
    min: hasChunks
      ? chunkField(slabs, state, firstChunk, ChunkRow.minTime)
      : slabs.floatsOf(state.open)[slabs.indexOf(state.open)]!,
    max: newestTime(slabs, state),
  };
}

function newestTime(slabs: Slabs, state: SeriesState): number {
  const { endChunk, openCount } = state;
  if (openCount > 0) return slabs.floatsOf(state.open)[slabs.indexOf(state.open) + openCount - 1]!;
  return chunkField(slabs, state, endChunk - 1, ChunkRow.maxTime);
}

/** One column of a directory row. */
export const chunkField = (slabs: Slabs, { directory }: SeriesState, row: number, column: number): number =>
  slabs.floatsOf(directory)[slabs.indexOf(directory) + row * ChunkRow.width + column]!;

/** The first sealed chunk whose `column` (an instant) is at least `bound`, from row `from` on; or `endChunk`. */
export function firstChunkAt(
  slabs: Slabs,
  state: SeriesState,
  from: number,
  column: typeof ChunkRow.minTime | typeof ChunkRow.maxTime,
  bound: number,
): number {
  if (state.directoryRows === 0) return state.endChunk;
  const start = slabs.indexOf(state.directory) + column;
  return lowerBound(slabs.floatsOf(state.directory), bound, from, state.endChunk, ChunkRow.width, start);
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
