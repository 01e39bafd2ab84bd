import type { Milliseconds } from '../core/index.ts';
import { SampleBuffer } from '../promql/storage.ts';
import type { Allocator } from './allocator.ts';
import { decodeChunk, encodeChunk } from './chunk-codec.ts';
import { createChunkDirectory } from './chunk-directory.ts';
import type { Piece } from './series-edits.ts';
import { ChunkRow, chunkField, firstChunkAt, openBytes, type SeriesState } from './series-state.ts';
import type { Location, Slabs } from './slabs.ts';
import { summarise } from './summary.ts';
import { ByteWriter } from './varint.ts';

/** A sealed or copied chunk on its way to or from disk. */
export interface StoredChunk {
  readonly minTime: Milliseconds;
  readonly maxTime: Milliseconds;
  readonly count: number;
  /** See `summarise`; short chunks have none, since reading them costs no more. */
  readonly summary: Float64Array | undefined;
  readonly payload: Uint8Array;
}

/**
 * From one state of a series to the next, in shared memory. What a state names is left as it is; memory that the
 * next state does not name is handed to `retire`.
 */
export interface SeriesMemory {
  readonly counts: { chunks: number; samples: number };
  /** Samples in a long chunk. */
  readonly longSize: number;
  /** With room for one more open sample; what is full is sealed. */
  withRoom(id: number, state: SeriesState): SeriesState;
  /** With a sealed chunk, newer than all before, added. Nothing may be open. */
  withChunk(state: SeriesState, chunk: StoredChunk): SeriesState;
  /** With the open samples compressed into a chunk; there is at least one. */
  sealed(state: SeriesState): SeriesState;
  /** With the short chunks at the end, which begin at `since`, joined into long ones; undefined until they are enough. */
  joined(state: SeriesState): { state: SeriesState; since: Milliseconds } | undefined;
  /** Without the chunks that ended before `cutoff`; the same state when there are none. */
  withoutChunksBefore(state: SeriesState, cutoff: Milliseconds): SeriesState;
  /** Gives back what a series without sealed chunks has left. */
  dispose(state: SeriesState): void;
  /** Whether a chunk of `count` samples, added to `state`, would be a full one. */
  isFull(id: number, state: SeriesState, count: number): boolean;
  /** A sealed chunk, by its row in the directory. */
  chunkAt(state: SeriesState, row: number): StoredChunk;
  /** When the first chunk begins, the open one included, that holds samples newer than `after`. */
  firstStartSince(state: SeriesState, after: Milliseconds): Milliseconds | undefined;
  /** Chunks that begin within `[from, to]`, the open one included; payloads are valid until the next chunk. */
  chunksWithin(state: SeriesState, from: Milliseconds, to: Milliseconds): Generator<StoredChunk>;
  /** The first `count` samples (at least 1) as a chunk; its payload is valid until the next one is encoded. */
  encode(samples: SampleBuffer, count: number): StoredChunk;
  /** With these sealed chunks, by time; rows are those of `state`, and what is not among them is dropped. */
  withPieces(state: SeriesState, pieces: readonly Piece[]): SeriesState;
  /** With the first `count` samples as the open ones; there are none yet. */
  withOpen(state: SeriesState, samples: SampleBuffer, count: number): SeriesState;
  /** Without the open samples from `start` to before `end`. */
  withoutOpen(state: SeriesState, start: number, end: number): SeriesState;
}

/** Open columns begin this small and double: a store of many quiet series stays small. */
const FIRST_OPEN_CAPACITY = 30;
/**
 * Full chunks that make a long one. Its summary spares a long window from reading it, so its size is what the two
 * ends of a window cost; below a few hundred samples the summaries themselves would outweigh them.
 */
const CHUNKS_A_LONG_ONE = 8;

/** Samples from which on a chunk is not going to be joined. */
export const longFrom = (chunkSize: number) => (chunkSize * CHUNKS_A_LONG_ONE) / 2;

/** `chunkSize`: samples in a full chunk. */
export function createSeriesMemory(
  slabs: Slabs,
  allocator: Allocator,
  chunkSize: number,
  retire: (location: Location, bytes: number) => void,
): SeriesMemory {
  const directory = createChunkDirectory(slabs, allocator, retire);
  const { counts, chunkAt, withDirectory, withChunk, retireChunk } = directory;
  const longSize = chunkSize * CHUNKS_A_LONG_ONE;
  const writer = new ByteWriter(chunkSize * 12 + 64);
  const opened = new SampleBuffer();
  const joining = new SampleBuffer();

  function retireOpen(state: SeriesState): void {
    if (state.openCapacity > 0) retire(state.open, openBytes(state.openCapacity));
  }

  /** The same samples with room for at least one more. */
  function withOpenRoom(state: SeriesState): SeriesState {
    const openCapacity = Math.min(chunkSize, Math.max(FIRST_OPEN_CAPACITY, state.openCapacity * 2));
    const larger = { ...state, openCapacity, open: allocator.allocate(openBytes(openCapacity)) };
    const { openCount } = state;
    if (openCount > 0) {
      const from = slabs.floatsOf(state.open);
      const at = slabs.indexOf(state.open);
      const to = slabs.floatsOf(larger.open);
      const target = slabs.indexOf(larger.open);
      to.set(from.subarray(at, at + openCount), target);
      const values = at + state.openCapacity;
      to.set(from.subarray(values, values + openCount), target + openCapacity);
    }
    retireOpen(state);
    return larger;
  }

  function encoded({ timestamps, values }: SampleBuffer, count: number): StoredChunk {
    return {
      minTime: timestamps[0]!,
      maxTime: timestamps[count - 1]!,
      count,
      summary: count >= longSize ? summarise(values, count) : undefined,
      payload: encodeChunk(timestamps, values, count, writer),
    };
  }

  function encodeOpen({ open, openCapacity, openCount }: SeriesState): StoredChunk {
    const floats = slabs.floatsOf(open);
    const at = slabs.indexOf(open);
    opened.reserve(openCount);
    opened.timestamps.set(floats.subarray(at, at + openCount));
    opened.values.set(floats.subarray(at + openCapacity, at + openCapacity + openCount));
    return encoded(opened, openCount);
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

  const countAt = (state: SeriesState, row: number) => chunkField(slabs, state, row, ChunkRow.count);

  /** The first of the short chunks at the end. */
  function shortTail(state: SeriesState): number {
    let start = state.endChunk;
    while (start > state.firstChunk && countAt(state, start - 1) < longFrom(chunkSize)) start--;
    return start;
  }

  /** As many chunks from `start` on as make a long one; undefined when there are not enough. */
  function longRun(state: SeriesState, start: number): { end: number; samples: number } | undefined {
    let samples = 0;
    for (let end = start; end < state.endChunk; ) {
      samples += countAt(state, end++);
      if (samples >= longSize) return { end, samples };
    }
    return undefined;
  }

  function joinedChunk(state: SeriesState, start: number, end: number, samples: number): StoredChunk {
    joining.reserve(samples);
    let at = 0;
    for (let row = start; row < end; row++) {
      const { count, payload } = chunkAt(state, row);
      decodeChunk(payload, 0, count, joining, at);
      at += count;
    }
    return encoded(joining, samples);
  }

  function joined(before: SeriesState): { state: SeriesState; since: Milliseconds } | undefined {
    const start = shortTail(before);
    let run = longRun(before, start);
    if (!run) return undefined;
    let state = withDirectory(before, start - before.firstChunk, before.endChunk - start + CHUNKS_A_LONG_ONE);
    let row = start;
    for (; run; run = longRun(before, row)) {
      state = withChunk(state, joinedChunk(before, row, run.end, run.samples));
      row = run.end;
    }
    for (; row < before.endChunk; row++) state = withChunk(state, chunkAt(before, row));
    for (let old = start; old < before.endChunk; old++) retireChunk(before, old);
    counts.samples += samplesIn(before, start);
    return { state, since: chunkField(slabs, before, start, ChunkRow.minTime) };
  }

  function samplesIn(state: SeriesState, start: number): number {
    let samples = 0;
    for (let row = start; row < state.endChunk; row++) samples += countAt(state, row);
    return samples;
  }

  function withOpen(before: SeriesState, { timestamps, values }: SampleBuffer, count: number): SeriesState {
    let openCapacity = FIRST_OPEN_CAPACITY;
    while (openCapacity < count) openCapacity *= 2;
    openCapacity = Math.min(chunkSize, openCapacity);
    const open = allocator.allocate(openBytes(openCapacity));
    const at = slabs.indexOf(open);
    slabs.floatsOf(open).set(timestamps.subarray(0, count), at);
    slabs.floatsOf(open).set(values.subarray(0, count), at + openCapacity);
    counts.samples += count;
    return { ...before, open, openCapacity, openCount: count };
  }

  function withoutOpen(before: SeriesState, start: number, end: number): SeriesState {
    const openCount = before.openCount - (end - start);
    counts.samples -= end - start;
    retireOpen(before);
    if (openCount === 0) return { ...before, open: 0, openCapacity: 0, openCount };
    const state = { ...before, open: allocator.allocate(openBytes(before.openCapacity)), openCount };
    for (const column of [0, before.openCapacity]) {
      const from = slabs.indexOf(before.open) + column;
      const to = slabs.indexOf(state.open) + column;
      const source = slabs.floatsOf(before.open);
      const target = slabs.floatsOf(state.open);
      target.set(source.subarray(from, from + start), to);
      target.set(source.subarray(from + end, from + before.openCount), to + start);
    }
    return state;
  }

  return {
    counts,
    longSize,
    chunkAt,
    encode: encoded,
    withPieces: directory.withPieces,
    withOpen,
    withoutOpen,
    withChunk,
    sealed,
    joined,
    withoutChunksBefore: directory.withoutChunksBefore,
    withRoom(id, before) {
      const state = before.openCount >= fullAt(id, before) ? sealed(before) : before;
      return state.openCount < state.openCapacity ? state : withOpenRoom(state);
    },
    dispose(state) {
      directory.retireDirectory(state);
      retireOpen(state);
      counts.samples -= state.openCount;
    },
    isFull: (id, state, count) => count >= fullAt(id, state),
    firstStartSince(state, after) {
      const { firstChunk, endChunk, open, openCount } = state;
      const row = firstChunkAt(slabs, state, firstChunk, ChunkRow.maxTime, after + 1);
      if (row < endChunk) return chunkField(slabs, state, row, ChunkRow.minTime);
      if (openCount === 0) return undefined;
      const floats = slabs.floatsOf(open);
      const at = slabs.indexOf(open);
      return floats[at + openCount - 1]! > after ? floats[at] : undefined;
    },
    *chunksWithin(state, from, to) {
      const { firstChunk, endChunk, open, openCount } = state;
      for (let row = firstChunkAt(slabs, state, firstChunk, ChunkRow.minTime, from); row < endChunk; row++) {
        const chunk = chunkAt(state, row);
        if (chunk.minTime > to) return;
        yield chunk;
      }
      const begins = openCount > 0 ? slabs.floatsOf(open)[slabs.indexOf(open)]! : Number.NaN;
      if (begins >= from && begins <= to) yield encodeOpen(state);
    },
  };
}
