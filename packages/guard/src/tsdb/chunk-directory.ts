import type { Milliseconds } from '../core/index.ts';
import type { Allocator } from './allocator.ts';
import type { Piece } from './series-edits.ts';
import type { StoredChunk } from './series-memory.ts';
import { ChunkRow, directoryBytes, firstChunkAt, type SeriesState } from './series-state.ts';
import type { Location, Slabs } from './slabs.ts';
import { SUMMARY_FLOATS } from './summary.ts';

/**
 * The sealed chunks of a series' states. As in all of them, memory that the next state does not name is handed to
 * `retire`.
 */
export interface ChunkDirectory {
  readonly counts: { chunks: number; samples: number };
  /** A sealed chunk, by its row. */
  chunkAt(state: SeriesState, row: number): StoredChunk;
  /** The first `keep` chunks in a directory of their own with room for `room` more. */
  withDirectory(state: SeriesState, keep: number, room: number): SeriesState;
  /** With a chunk, newer than all before, added; its samples are counted by the caller. */
  withChunk(state: SeriesState, chunk: StoredChunk): SeriesState;
  /** With these chunks, by time; rows are those of `state`, and what is not among them is dropped. */
  withPieces(state: SeriesState, pieces: readonly Piece[]): SeriesState;
  /** Without the chunks that ended before `cutoff`; the same state when there are none. */
  withoutChunksBefore(state: SeriesState, cutoff: Milliseconds): SeriesState;
  /** The memory of one chunk, which the next state does not name. */
  retireChunk(state: SeriesState, row: number): void;
  retireDirectory(state: SeriesState): void;
}

const FIRST_DIRECTORY_ROWS = 8;

export function createChunkDirectory(
  slabs: Slabs,
  allocator: Allocator,
  retire: (location: Location, bytes: number) => void,
): ChunkDirectory {
  const counts = { chunks: 0, samples: 0 };
  const { width } = ChunkRow;

  function retireDirectory(state: SeriesState): void {
    if (state.directoryRows > 0) retire(state.directory, directoryBytes(state.directoryRows));
  }

  /** The first `keep` chunks in a directory of their own with room for `room` more. */
  function withDirectory(state: SeriesState, keep: number, room: number): SeriesState {
    const directoryRows = Math.max(FIRST_DIRECTORY_ROWS, keep + room);
    const directory = allocator.allocate(directoryBytes(directoryRows));
    if (keep > 0) {
      const at = slabs.indexOf(state.directory) + state.firstChunk * width;
      const rows = slabs.floatsOf(state.directory).subarray(at, at + keep * width);
      slabs.floatsOf(directory).set(rows, slabs.indexOf(directory));
    }
    retireDirectory(state);
    return { ...state, directory, directoryRows, firstChunk: 0, endChunk: keep };
  }

  /** The same chunks in a directory with room for at least one more. */
  function withDirectoryRoom(state: SeriesState): SeriesState {
    if (state.endChunk < state.directoryRows) return state;
    const live = state.endChunk - state.firstChunk;
    return withDirectory(state, live, Math.ceil(live / 2) + 1);
  }

  function withChunk(before: SeriesState, chunk: StoredChunk): SeriesState {
    const state = withDirectoryRoom(before);
    const { minTime, maxTime, count, summary, payload } = chunk;
    const location = allocator.allocate(payload.length);
    slabs.bytesOf(location).set(payload, slabs.offsetOf(location));
    const rows = slabs.floatsOf(state.directory);
    const at = slabs.indexOf(state.directory) + state.endChunk * width;
    rows.set([minTime, maxTime, location, payload.length, count, summary ? 1 : 0], at);
    if (summary) rows.set(summary, at + ChunkRow.summary);
    counts.chunks++;
    return { ...state, endChunk: state.endChunk + 1 };
  }

  function retireChunk(state: SeriesState, row: number): void {
    const { location, payload, count } = chunkAt(state, row);
    retire(location, payload.length);
    counts.samples -= count;
    counts.chunks--;
  }

  function withoutChunksBefore(state: SeriesState, cutoff: number): SeriesState {
    const { firstChunk } = state;
    const keep = firstChunkAt(slabs, state, firstChunk, ChunkRow.maxTime, cutoff);
    for (let row = firstChunk; row < keep; row++) retireChunk(state, row);
    return keep === firstChunk ? state : { ...state, firstChunk: keep };
  }

  function chunkAt(state: SeriesState, row: number): StoredChunk & { readonly location: Location } {
    const rows = slabs.floatsOf(state.directory);
    const at = slabs.indexOf(state.directory) + row * width;
    const location = rows[at + ChunkRow.location]!;
    const start = slabs.offsetOf(location);
    const summary = at + ChunkRow.summary;
    return {
      location,
      minTime: rows[at + ChunkRow.minTime]!,
      maxTime: rows[at + ChunkRow.maxTime]!,
      count: rows[at + ChunkRow.count]!,
      summary:
        rows[at + ChunkRow.summarised] === 1 ? rows.subarray(summary, summary + SUMMARY_FLOATS) : undefined,
      payload: slabs.bytesOf(location).subarray(start, start + rows[at + ChunkRow.bytes]!),
    };
  }

  function withPieces(before: SeriesState, pieces: readonly Piece[]): SeriesState {
    const kept = new Set(pieces);
    for (let row = before.firstChunk; row < before.endChunk; row++)
      if (!kept.has(row)) retireChunk(before, row);
    let state = withDirectory(before, 0, pieces.length + 1);
    for (const piece of pieces) {
      if (typeof piece === 'number') state = withRowOf(before, piece, state);
      else {
        state = withChunk(state, piece);
        counts.samples += piece.count;
      }
    }
    return state;
  }

  /** `state` with a row added that another directory has; there is room. */
  function withRowOf(other: SeriesState, row: number, state: SeriesState): SeriesState {
    const from = slabs.indexOf(other.directory) + row * width;
    const to = slabs.indexOf(state.directory) + state.endChunk * width;
    slabs.floatsOf(state.directory).set(slabs.floatsOf(other.directory).subarray(from, from + width), to);
    return { ...state, endChunk: state.endChunk + 1 };
  }

  return {
    counts,
    chunkAt,
    withDirectory,
    withChunk,
    withPieces,
    withoutChunksBefore,
    retireChunk,
    retireDirectory,
  };
}
