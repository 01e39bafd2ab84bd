import type { Milliseconds } from '../core/index.ts';
import { SampleBuffer } from '../promql/storage.ts';
import { decodeChunk } from './chunk-codec.ts';
import { copyValue } from './sample-batch.ts';
import type { SeriesMemory, StoredChunk } from './series-memory.ts';
import { ChunkRow, chunkField, firstChunkAt, lowerBound, type SeriesState } from './series-state.ts';
import type { Slabs } from './slabs.ts';

/** Chunks by the instant at which they begin; both bounds inclusive. */
export interface ChunkRange {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

export interface Edited {
  readonly state: SeriesState;
  /** Which chunks, of the state before and of this one, are not the same. */
  readonly changed: ChunkRange;
}

/** A chunk of a state to be, by its row in the state before, or new. */
export type Piece = number | StoredChunk;

/** A run of samples that is going to stand between two samples of a series, or before or after all of them. */
export interface Insertion {
  /** All sealed chunks of the state to be. */
  readonly pieces: readonly Piece[];
  /** Those of them that are new, which begin within `changed`. */
  readonly chunks: readonly StoredChunk[];
  readonly changed: ChunkRange;
}

/** Changes in the midst of a series; like all changes, from one state to the next. */
export interface SeriesEdits {
  /** Without the samples from `from` to `to`, both inclusive; undefined when there are none. */
  withoutRange(state: SeriesState, from: Milliseconds, to: Milliseconds): Edited | undefined;
  /** With a chunk where it belongs in time; undefined when it overlaps another, or the open samples. */
  withInserted(state: SeriesState, chunk: StoredChunk): Edited | undefined;
  /**
   * What putting the first `count` samples into a series takes. No sample of the series lies between them, and open ones
   * only after them. A short chunk before them is joined with them, and one that they fall into is divided.
   */
  planInsertion(state: SeriesState, samples: SampleBuffer, count: number): Insertion;
}

export function createSeriesEdits(slabs: Slabs, memory: SeriesMemory): SeriesEdits {
  const scratch = new SampleBuffer();

  const minTimeAt = (state: SeriesState, row: number) => chunkField(slabs, state, row, ChunkRow.minTime);
  const maxTimeAt = (state: SeriesState, row: number) => chunkField(slabs, state, row, ChunkRow.maxTime);

  /** What is left of a chunk: its row when that is all, undefined when it is nothing. */
  function remainder(state: SeriesState, row: number, from: number, to: number): Piece | undefined {
    if (minTimeAt(state, row) >= from && maxTimeAt(state, row) <= to) return undefined;
    const { payload, count } = memory.chunkAt(state, row);
    const { timestamps, values } = scratch.reserve(count);
    decodeChunk(payload, 0, count, scratch, 0);
    const start = lowerBound(timestamps, from, 0, count);
    const end = lowerBound(timestamps, to + 1, start, count);
    if (start === end) return row;
    for (let i = end; i < count; i++) {
      timestamps[start + i - end] = timestamps[i]!;
      copyValue(values, i, values, start + i - end);
    }
    const chunk = memory.encode(scratch, count - (end - start));
    // The encoder's memory is used again by the next chunk.
    return { ...chunk, payload: chunk.payload.slice() };
  }

  /** The chunks from `first` to before `end` after the samples are dropped, and the span of those that changed. */
  function remainders(state: SeriesState, first: number, end: number, from: number, to: number) {
    const pieces: Piece[] = [];
    const changed: ChunkRange[] = [];
    for (let row = first; row < end; row++) {
      const left = remainder(state, row, from, to);
      if (left !== undefined) pieces.push(left);
      if (left !== row) changed.push({ from: minTimeAt(state, row), to: maxTimeAt(state, row) });
    }
    return { pieces, changed };
  }

  /** As chunks with memory of their own, none longer than a long one. */
  function encoded({ timestamps, values }: SampleBuffer, first: number, end: number): StoredChunk[] {
    const chunks: StoredChunk[] = [];
    for (let start = first; start < end; start += memory.longSize) {
      const count = Math.min(memory.longSize, end - start);
      scratch.reserve(count);
      scratch.timestamps.set(timestamps.subarray(start, start + count));
      scratch.values.set(values.subarray(start, start + count));
      const chunk = memory.encode(scratch, count);
      chunks.push({ ...chunk, payload: chunk.payload.slice() });
    }
    return chunks;
  }

  const isShort = (state: SeriesState, row: number) =>
    chunkField(slabs, state, row, ChunkRow.count) < memory.longSize / 2;

  /** The samples of a chunk and of the run in order; those of the chunk that come after the run begin at `split`. */
  function merged(state: SeriesState, row: number, run: SampleBuffer, count: number) {
    const { payload, count: own } = memory.chunkAt(state, row);
    decodeChunk(payload, 0, own, scratch.reserve(own), 0);
    const at = lowerBound(scratch.timestamps, run.timestamps[0]!, 0, own);
    const samples = new SampleBuffer().reserve(own + count);
    for (const column of ['timestamps', 'values'] as const) {
      samples[column].set(scratch[column].subarray(0, at));
      samples[column].set(run[column].subarray(0, count), at);
      samples[column].set(scratch[column].subarray(at, own), at + count);
    }
    return { samples, split: at + count, end: own + count };
  }

  function openWithin({ open, openCount }: SeriesState, from: number, to: number) {
    if (openCount === 0) return { start: 0, end: 0 };
    const floats = slabs.floatsOf(open);
    const at = slabs.indexOf(open);
    const start = lowerBound(floats, from, 0, openCount, 1, at);
    return { start, end: lowerBound(floats, to + 1, start, openCount, 1, at) };
  }

  const openBegins = ({ open }: SeriesState) => slabs.floatsOf(open)[slabs.indexOf(open)]!;

  return {
    withoutRange(before, from, to) {
      const first = firstChunkAt(slabs, before, before.firstChunk, ChunkRow.maxTime, from);
      const end = firstChunkAt(slabs, before, first, ChunkRow.minTime, to + 1);
      const { pieces, changed } = remainders(before, first, end, from, to);
      const open = openWithin(before, from, to);
      let state = before;
      if (changed.length > 0)
        state = memory.withPieces(before, [
          ...rows(before.firstChunk, first),
          ...pieces,
          ...rows(end, before.endChunk),
        ]);
      if (open.end > open.start) {
        changed.push({ from: openBegins(before), to: Number.POSITIVE_INFINITY });
        state = memory.withoutOpen(state, open.start, open.end);
      }
      if (changed.length === 0) return undefined;
      return { state, changed: { from: changed[0]!.from, to: changed.at(-1)!.to } };
    },
    planInsertion(state, run, count) {
      const { firstChunk, endChunk } = state;
      const next = firstChunkAt(slabs, state, firstChunk, ChunkRow.minTime, run.timestamps[0]!);
      const before = next - 1;
      const takesUp =
        before >= firstChunk && (isShort(state, before) || maxTimeAt(state, before) > run.timestamps[0]!);
      const { samples, split, end } = takesUp
        ? merged(state, before, run, count)
        : { samples: run, split: count, end: count };
      const chunks = [...encoded(samples, 0, split), ...encoded(samples, split, end)];
      return {
        pieces: [...rows(firstChunk, takesUp ? before : next), ...chunks, ...rows(next, endChunk)],
        chunks,
        changed: { from: chunks[0]!.minTime, to: chunks.at(-1)!.maxTime },
      };
    },
    withInserted(before, chunk) {
      const { firstChunk, endChunk, openCount } = before;
      const at = firstChunkAt(slabs, before, firstChunk, ChunkRow.minTime, chunk.minTime);
      if (at > firstChunk && maxTimeAt(before, at - 1) >= chunk.minTime) return undefined;
      if (at < endChunk && minTimeAt(before, at) <= chunk.maxTime) return undefined;
      if (openCount > 0 && openBegins(before) <= chunk.maxTime) return undefined;
      const state = memory.withPieces(before, [...rows(firstChunk, at), chunk, ...rows(at, endChunk)]);
      return { state, changed: { from: chunk.minTime, to: chunk.maxTime } };
    },
  };
}

function* rows(first: number, end: number): Generator<number> {
  for (let row = first; row < end; row++) yield row;
}
