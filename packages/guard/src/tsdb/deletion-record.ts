import type { Deletion } from './journal.ts';
import { ByteReader, ByteWriter } from './varint.ts';

/*
 * Deletions in the log:
 *
 *   count | each: series id | from (signed) | to − from
 *
 * all of them variable-length integers.
 */

export function encodeDeletions(deletions: readonly Deletion[]): Uint8Array {
  const out = new ByteWriter(16 + deletions.length * 24);
  out.unsigned(deletions.length);
  for (const { series, from, to } of deletions) {
    out.unsigned(series);
    out.signed(from);
    out.unsigned(to - from);
  }
  return out.written;
}

/** Undefined when the bytes are not one record. */
export function decodeDeletions(bytes: Uint8Array): Deletion[] | undefined {
  const reader = new ByteReader(bytes);
  const count = reader.unsigned();
  // Three bytes each at least: a count beyond that is none, and must not be allocated for.
  if (!(count * 3 < bytes.length)) return undefined;
  const deletions: Deletion[] = [];
  for (let i = 0; i < count; i++) {
    const series = reader.unsigned();
    const from = reader.signed();
    deletions.push({ series, from, to: from + reader.unsigned() });
  }
  return reader.at === bytes.length ? deletions : undefined;
}
