import { rowDigest } from '../sqlite/index.ts';
import type { StoredChunk } from './series-memory.ts';
import { SUMMARY_FLOATS } from './summary.ts';

/*
 * A stored chunk, little-endian:
 *
 *   digest (4) | series (4) | samples (4) | 1 when there is a summary (4) | first instant (8, float) | last (8, float)
 *   | summary: 7 floats, or nothing | payload
 *
 * The digest is one of everything behind it. One value a row: a store is read at a few microseconds a row, most of
 * which is spent on columns.
 */
const HEADER = 32;
const SUMMARY_BYTES = SUMMARY_FLOATS * 8;

/** What a chunk takes on disk, about: its record with a summary, its row number, its share of the page's header. */
export const recordBytes = (payloadBytes: number): number => HEADER + SUMMARY_BYTES + payloadBytes + 16;

/** Encodes one record after the other. */
export interface ChunkRecordWriter {
  /** The result is overwritten by the next call. */
  encode(series: number, chunk: StoredChunk): Uint8Array;
}

export function createChunkRecordWriter(): ChunkRecordWriter {
  let bytes = new Uint8Array(4096);
  let view = new DataView(bytes.buffer);

  function reserve(size: number): void {
    if (size <= bytes.length) return;
    bytes = new Uint8Array(size * 2);
    view = new DataView(bytes.buffer);
  }

  return {
    encode(series, { minTime, maxTime, count, summary, payload }) {
      const start = HEADER + (summary ? SUMMARY_BYTES : 0);
      const end = start + payload.length;
      reserve(end);
      view.setUint32(4, series, true);
      view.setUint32(8, count, true);
      view.setUint32(12, summary ? 1 : 0, true);
      view.setFloat64(16, minTime, true);
      view.setFloat64(24, maxTime, true);
      if (summary) new Float64Array(bytes.buffer, HEADER, SUMMARY_FLOATS).set(summary);
      bytes.set(payload, start);
      view.setUint32(0, rowDigest(bytes.subarray(4, end)), true);
      return bytes.subarray(0, end);
    },
  };
}

/** The series and chunk of a record, on its memory; undefined when it is damaged. */
export function decodeChunkRecord(record: Uint8Array): { series: number; chunk: StoredChunk } | undefined {
  if (record.length < HEADER) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (rowDigest(record.subarray(4)) !== view.getUint32(0, true)) return undefined;
  const hasSummary = view.getUint32(12, true) === 1;
  const payload = record.subarray(HEADER + (hasSummary ? SUMMARY_BYTES : 0));
  const chunk: StoredChunk = {
    minTime: view.getFloat64(16, true),
    maxTime: view.getFloat64(24, true),
    count: view.getUint32(8, true),
    summary: hasSummary ? summaryIn(record) : undefined,
    payload,
  };
  return { series: view.getUint32(4, true), chunk };
}

/** Floats need their alignment, which SQLite's memory may not have. */
function summaryIn(record: Uint8Array): Float64Array {
  const bytes = record.subarray(HEADER, HEADER + SUMMARY_BYTES);
  if (bytes.byteOffset % 8 === 0) return new Float64Array(bytes.buffer, bytes.byteOffset, SUMMARY_FLOATS);
  return new Float64Array(bytes.slice().buffer);
}
