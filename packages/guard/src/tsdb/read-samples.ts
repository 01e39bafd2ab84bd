import type { Milliseconds } from '../core/index.ts';
import type { Samples } from '../promql/storage.ts';
import { createDecodeTarget, decodeChunk } from './chunk-codec.ts';
import {
  ChunkRow,
  directoryOf,
  lowerBound,
  openTimestamps,
  openValues,
  type SeriesState,
} from './series-state.ts';
import type { Slabs } from './slabs.ts';

const NO_SAMPLES: Samples = {
  timestamps: new Float64Array(0),
  values: new Float64Array(0),
  start: 0,
  end: 0,
};

/** Samples with `from ≤ timestamp ≤ to`; decodes only the chunks that overlap, and shares the open columns. */
export function readSamples(slabs: Slabs, state: SeriesState, from: Milliseconds, to: Milliseconds): Samples {
  // Timestamps are integers: what is past `to` is at least `after`.
  const after = Math.floor(to) + 1;
  const chunks = overlappingChunks(slabs, state, from, after);
  const open = state.openCount > 0 ? openSamples(slabs, state, from, after) : NO_SAMPLES;
  if (!chunks) return open;
  const total = chunks.samples + open.end - open.start;
  const target = createDecodeTarget(total);
  let at = 0;
  for (let row = chunks.first; row < chunks.end; row++) {
    const base = row * ChunkRow.width;
    const location = chunks.rows[base + ChunkRow.location]!;
    const count = chunks.rows[base + ChunkRow.count]!;
    decodeChunk(slabs.bytesOf(location), slabs.offsetOf(location), count, target, at);
    at += count;
  }
  // Copies between float columns keep every bit.
  target.timestamps.set(open.timestamps.subarray(open.start, open.end), at);
  target.values.set(open.values.subarray(open.start, open.end), at);
  const { timestamps, values } = target;
  const start = lowerBound(timestamps, from, 0, total);
  return { timestamps, values, start, end: lowerBound(timestamps, after, start, total) };
}

function openSamples(slabs: Slabs, state: SeriesState, from: number, after: number): Samples {
  const timestamps = openTimestamps(slabs, state);
  const start = lowerBound(timestamps, from, 0, state.openCount);
  const end = lowerBound(timestamps, after, start, state.openCount);
  return { timestamps, values: openValues(slabs, state), start, end };
}

function overlappingChunks(slabs: Slabs, state: SeriesState, from: number, after: number) {
  const { firstChunk, endChunk } = state;
  if (endChunk === firstChunk) return undefined;
  const rows = directoryOf(slabs, state);
  const first = lowerBound(rows, from, firstChunk, endChunk, ChunkRow.width, ChunkRow.maxTime);
  const end = lowerBound(rows, after, first, endChunk, ChunkRow.width, ChunkRow.minTime);
  if (end === first) return undefined;
  let samples = 0;
  for (let row = first; row < end; row++) samples += rows[row * ChunkRow.width + ChunkRow.count]!;
  return { rows, first, end, samples };
}
