import type { Milliseconds } from '../core/index.ts';
import type { RunSummary, RunVisitor, SampleBuffer, Samples } from '../promql/storage.ts';
import { decodeChunk } from './chunk-codec.ts';
import { ChunkRow, chunkField, firstChunkAt, lowerBound, type SeriesState } from './series-state.ts';
import type { Slabs } from './slabs.ts';
import { readSummary } from './summary.ts';

/** Samples with `from ≤ timestamp ≤ to`, in `into`; decodes only the chunks that overlap. */
export function readSamples(
  slabs: Slabs,
  state: SeriesState,
  from: Milliseconds,
  to: Milliseconds,
  into: SampleBuffer,
): Samples {
  // Timestamps are integers: what is past `to` is at least `after`.
  const after = Math.floor(to) + 1;
  const { first, end } = overlappingChunks(slabs, state, from, after);
  const open = openRange(slabs, state, from, after);
  const sealed = end > first ? samplesIn(slabs, state, first, end) : 0;
  const total = sealed + open.end - open.start;
  into.reserve(total);
  let at = 0;
  let unmarkedUntil = 0;
  for (let row = first; row < end; row++) {
    const isUnmarked = unmarkedUntil === at && hasSummary(slabs, state, row);
    at += decodeRow(slabs, state, row, into, at);
    if (isUnmarked) unmarkedUntil = at;
  }
  copyOpen(slabs, state, open, into, at);
  const { timestamps, values } = into;
  const start = lowerBound(timestamps, from, 0, total);
  return { timestamps, values, start, end: lowerBound(timestamps, after, start, total), unmarkedUntil };
}

/** Tells `visitor` of the same samples: of chunks that lie in the range whole, and have one, by their summary. */
export function visitSamples(
  slabs: Slabs,
  state: SeriesState,
  from: Milliseconds,
  to: Milliseconds,
  visitor: RunVisitor,
  scratch: SampleBuffer,
): void {
  const after = Math.floor(to) + 1;
  const { first, end } = overlappingChunks(slabs, state, from, after);
  for (let row = first; row < end; row++) {
    if (summaryOf(slabs, state, row, from, after) && visitor.summary(SUMMARY)) continue;
    const count = decodeRow(slabs, state, row, scratch.reserve(countOf(slabs, state, row)), 0);
    const unmarkedUntil = hasSummary(slabs, state, row) ? count : 0;
    visitor.samples({ ...cut(scratch, count, from, after), unmarkedUntil });
  }
  const open = openRange(slabs, state, from, after);
  const count = open.end - open.start;
  if (count === 0) return;
  copyOpen(slabs, state, open, scratch.reserve(count), 0);
  visitor.samples({ timestamps: scratch.timestamps, values: scratch.values, start: 0, end: count });
}

function cut({ timestamps, values }: SampleBuffer, count: number, from: number, after: number): Samples {
  const start = lowerBound(timestamps, from, 0, count);
  return { timestamps, values, start, end: lowerBound(timestamps, after, start, count) };
}

/** Used for one call of a visitor at a time: a long window has hundreds of runs. */
const SUMMARY: RunSummary = {
  count: 0,
  firstTime: 0,
  lastTime: 0,
  first: 0,
  last: 0,
  min: 0,
  max: 0,
  sum: 0,
  changes: 0,
  resets: 0,
};

/** A chunk that has a summary has no staleness marker. */
const hasSummary = (slabs: Slabs, state: SeriesState, row: number): boolean =>
  chunkField(slabs, state, row, ChunkRow.summarised) === 1;

/** Fills `SUMMARY` when the chunk has a summary and all of it lies in the range. */
function summaryOf(
  slabs: Slabs,
  { directory }: SeriesState,
  row: number,
  from: number,
  after: number,
): boolean {
  const rows = slabs.floatsOf(directory);
  const at = slabs.indexOf(directory) + row * ChunkRow.width;
  if (rows[at + ChunkRow.summarised] !== 1) return false;
  const firstTime = rows[at + ChunkRow.minTime]!;
  const lastTime = rows[at + ChunkRow.maxTime]!;
  if (firstTime < from || lastTime >= after) return false;
  SUMMARY.count = rows[at + ChunkRow.count]!;
  SUMMARY.firstTime = firstTime;
  SUMMARY.lastTime = lastTime;
  readSummary(rows, at + ChunkRow.summary, SUMMARY);
  return true;
}

function countOf(slabs: Slabs, { directory }: SeriesState, row: number): number {
  return slabs.floatsOf(directory)[slabs.indexOf(directory) + row * ChunkRow.width + ChunkRow.count]!;
}

function samplesIn(slabs: Slabs, state: SeriesState, first: number, end: number): number {
  let samples = 0;
  for (let row = first; row < end; row++) samples += countOf(slabs, state, row);
  return samples;
}

/** Decodes a chunk to index `at`; answers its number of samples. */
function decodeRow(
  slabs: Slabs,
  { directory }: SeriesState,
  row: number,
  into: SampleBuffer,
  at: number,
): number {
  const rows = slabs.floatsOf(directory);
  const base = slabs.indexOf(directory) + row * ChunkRow.width;
  const location = rows[base + ChunkRow.location]!;
  const count = rows[base + ChunkRow.count]!;
  decodeChunk(slabs.bytesOf(location), slabs.offsetOf(location), count, into, at);
  return count;
}

/** Which of the open samples lie in the range. */
function openRange(slabs: Slabs, { open, openCount }: SeriesState, from: number, after: number) {
  if (openCount === 0) return { start: 0, end: 0 };
  const floats = slabs.floatsOf(open);
  const at = slabs.indexOf(open);
  const start = lowerBound(floats, from, 0, openCount, 1, at);
  return { start, end: lowerBound(floats, after, start, openCount, 1, at) };
}

/** Copies open samples to index `at`, bit by bit: copies between float columns keep every bit of a NaN. */
function copyOpen(
  slabs: Slabs,
  { open, openCapacity }: SeriesState,
  { start, end }: { readonly start: number; readonly end: number },
  into: SampleBuffer,
  at: number,
): void {
  if (end === start) return;
  const floats = slabs.floatsOf(open);
  const base = slabs.indexOf(open);
  into.timestamps.set(floats.subarray(base + start, base + end), at);
  const values = base + openCapacity;
  into.values.set(floats.subarray(values + start, values + end), at);
}

function overlappingChunks(slabs: Slabs, state: SeriesState, from: number, after: number) {
  const first = firstChunkAt(slabs, state, state.firstChunk, ChunkRow.maxTime, from);
  return { first, end: firstChunkAt(slabs, state, first, ChunkRow.minTime, after) };
}
