import type { Milliseconds } from '../core/index.ts';
import type { Allocator } from './allocator.ts';
import { encodeChunk } from './chunk-codec.ts';
import {
  ChunkRow,
  directoryBytes,
  directoryOf,
  lowerBound,
  openBytes,
  openTimestamps,
  openValues,
  type SeriesState,
} from './series-state.ts';
import type { Location, Slabs } from './slabs.ts';
import { ByteWriter } from './varint.ts';

/** A sealed or copied chunk on its way to or from disk. */
export interface StoredChunk {
  readonly minTime: Milliseconds;
  readonly maxTime: Milliseconds;
  readonly count: number;
  readonly payload: Uint8Array;
}

/**
 * From one state of a series to the next, in shared memory. What a state names is left as it is; memory that the
 * next state does not name is handed to `retire`.
 */
export interface SeriesMemory {
  readonly counts: { chunks: number; samples: number };
  /** With room for one more open sample; what is full is sealed. */
  withRoom(id: number, state: SeriesState): SeriesState;
  /** With a sealed chunk, newer than all before, added. Nothing may be open. */
  withChunk(state: SeriesState, chunk: StoredChunk): SeriesState;
  /** With the open samples compressed into a chunk; there is at least one. */
  sealed(state: SeriesState): SeriesState;
  /** Without the chunks that ended before `cutoff`; the same state when there are none. */
  withoutChunksBefore(state: SeriesState, cutoff: Milliseconds): SeriesState;
  /** Gives back what a series without sealed chunks has left. */
  dispose(state: SeriesState): void;
  /** Whether a chunk of `count` samples, added to `state`, would be a full one. */
  isFull(id: number, state: SeriesState, count: number): boolean;
  /** Chunks that hold samples newer than `after`, the open one included; payloads are valid until the next chunk. */
  chunksSince(state: SeriesState, after: Milliseconds): Generator<StoredChunk>;
}

/** Open columns begin this small and double: a store of many quiet series stays small. */
const FIRST_OPEN_CAPACITY = 30;
const FIRST_DIRECTORY_ROWS = 8;

/** `chunkSize`: samples in a full chunk. */
export function createSeriesMemory(
  slabs: Slabs,
  allocator: Allocator,
  chunkSize: number,
  retire: (location: Location, bytes: number) => void,
): SeriesMemory {
  const counts = { chunks: 0, samples: 0 };
  const writer = new ByteWriter(chunkSize * 12 + 32);
  const { width } = ChunkRow;

  function retireOpen(state: SeriesState): void {
    if (state.openCapacity > 0) retire(state.open, openBytes(state.openCapacity));
  }

  /** The same samples with room for at least one more. */
  function withOpenRoom(state: SeriesState): SeriesState {
    const openCapacity = Math.min(chunkSize, Math.max(FIRST_OPEN_CAPACITY, state.openCapacity * 2));
    const larger = { ...state, openCapacity, open: allocator.allocate(openBytes(openCapacity)) };
    if (state.openCount > 0) {
      const { openCount } = state;
      openTimestamps(slabs, larger).set(openTimestamps(slabs, state).subarray(0, openCount));
      openValues(slabs, larger).set(openValues(slabs, state).subarray(0, openCount));
    }
    retireOpen(state);
    return larger;
  }

  /** The same chunks in a directory with room for at least one more. */
  function withDirectoryRoom(state: SeriesState): SeriesState {
    if (state.endChunk < state.directoryRows) return state;
    const live = state.endChunk - state.firstChunk;
    const directoryRows = Math.max(FIRST_DIRECTORY_ROWS, live * 2);
    const directory = allocator.allocate(directoryBytes(directoryRows));
    const larger = { ...state, directory, directoryRows, firstChunk: 0, endChunk: live };
    if (state.directoryRows > 0) {
      const rows = directoryOf(slabs, state);
      directoryOf(slabs, larger).set(rows.subarray(state.firstChunk * width, state.endChunk * width));
      retire(state.directory, directoryBytes(state.directoryRows));
    }
    return larger;
  }

  function withChunk(before: SeriesState, chunk: StoredChunk): SeriesState {
    const state = withDirectoryRoom(before);
    const location = allocator.allocate(chunk.payload.length);
    slabs.bytesOf(location).set(chunk.payload, slabs.offsetOf(location));
    const rows = directoryOf(slabs, state);
    const base = state.endChunk * width;
    rows[base + ChunkRow.minTime] = chunk.minTime;
    rows[base + ChunkRow.maxTime] = chunk.maxTime;
    rows[base + ChunkRow.location] = location;
    rows[base + ChunkRow.bytes] = chunk.payload.length;
    rows[base + ChunkRow.count] = chunk.count;
    counts.chunks++;
    return { ...state, endChunk: state.endChunk + 1 };
  }

  function encodeOpen(state: SeriesState): StoredChunk {
    const timestamps = openTimestamps(slabs, state);
    const count = state.openCount;
    const payload = encodeChunk(timestamps, openValues(slabs, state), count, writer);
    return { minTime: timestamps[0]!, maxTime: timestamps[count - 1]!, count, payload };
  }

  function sealed(state: SeriesState): SeriesState {
    const withSealed = withChunk(state, encodeOpen(state));
    retireOpen(state);
    return { ...withSealed, open: 0, openCapacity: 0, openCount: 0 };
  }

  /**
   * Series that were born together would all be full in the same commit; a shorter first chunk spreads the work.
   */
  const fullAt = (id: number, state: SeriesState) =>
    state.endChunk === 0 ? Math.ceil(chunkSize / 2) + (id % Math.ceil(chunkSize / 2)) : chunkSize;

  function withoutChunksBefore(state: SeriesState, cutoff: number): SeriesState {
    const { firstChunk, endChunk } = state;
    if (endChunk === firstChunk) return state;
    const rows = directoryOf(slabs, state);
    const keep = lowerBound(rows, cutoff, firstChunk, endChunk, width, ChunkRow.maxTime);
    for (let row = firstChunk; row < keep; row++) {
      retire(rows[row * width + ChunkRow.location]!, rows[row * width + ChunkRow.bytes]!);
      counts.samples -= rows[row * width + ChunkRow.count]!;
      counts.chunks--;
    }
    return keep === firstChunk ? state : { ...state, firstChunk: keep };
  }

  return {
    counts,
    withChunk,
    sealed,
    withoutChunksBefore,
    withRoom(id, before) {
      const state = before.openCount >= fullAt(id, before) ? sealed(before) : before;
      return state.openCount < state.openCapacity ? state : withOpenRoom(state);
    },
    dispose(state) {
      if (state.directoryRows > 0) retire(state.directory, directoryBytes(state.directoryRows));
      retireOpen(state);
      counts.samples -= state.openCount;
    },
    isFull: (id, state, count) => count >= fullAt(id, state),
    *chunksSince(state, after) {
      const { firstChunk, endChunk, openCount } = state;
      if (endChunk > firstChunk) {
        const rows = directoryOf(slabs, state);
        const from = lowerBound(rows, after + 1, firstChunk, endChunk, width, ChunkRow.maxTime);
        for (let row = from; row < endChunk; row++) yield storedChunk(rows, row * width);
      }
      if (openCount > 0 && openTimestamps(slabs, state)[openCount - 1]! > after) yield encodeOpen(state);
    },
  };

  function storedChunk(rows: Float64Array, base: number): StoredChunk {
    const location = rows[base + ChunkRow.location]!;
    const offset = slabs.offsetOf(location);
    return {
      minTime: rows[base + ChunkRow.minTime]!,
      maxTime: rows[base + ChunkRow.maxTime]!,
      count: rows[base + ChunkRow.count]!,
      payload: slabs.bytesOf(location).subarray(offset, offset + rows[base + ChunkRow.bytes]!),
    };
  }
}
