import type { SampleBatch } from './sample-batch.ts';
import { ByteReader, ByteWriter } from './varint.ts';

/*
 * A transaction in the log:
 *
 *   count | count × series id | count × timestamp, as signed difference to the one before (the first to 0)
 *   | count × value, 8 bytes each, as they lie in memory (little-endian)
 *
 * The counts, ids and differences are variable-length integers.
 */

/** The result is overwritten by the next call with this writer. */
export function encodeLogRecord(batch: SampleBatch, out: ByteWriter = new ByteWriter(4096)): Uint8Array {
  const { count, ids, timestamps, values } = batch;
  out.reset();
  out.unsigned(count);
  for (let i = 0; i < count; i++) out.unsigned(ids[i]!);
  let last = 0;
  for (let i = 0; i < count; i++) {
    out.signed(timestamps[i]! - last);
    last = timestamps[i]!;
  }
  out.raw(new Uint8Array(values.buffer, values.byteOffset, count * 8));
  return out.written;
}

/** Undefined when the bytes are not one record. */
export function decodeLogRecord(bytes: Uint8Array): SampleBatch | undefined {
  const reader = new ByteReader(bytes);
  const count = reader.unsigned();
  // Ids and differences take a byte each at least: a count beyond that is none, and must not be allocated for.
  if (!(count * 10 <= bytes.length)) return undefined;
  const ids = new Float64Array(count);
  const timestamps = new Float64Array(count);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) ids[i] = reader.unsigned();
  let time = 0;
  for (let i = 0; i < count; i++) {
    time += reader.signed();
    timestamps[i] = time;
  }
  if (reader.at + count * 8 !== bytes.length) return undefined;
  new Uint8Array(values.buffer).set(bytes.subarray(reader.at));
  return { count, ids, timestamps, values };
}
