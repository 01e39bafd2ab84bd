import type { SampleBuffer } from '../promql/storage.ts';
import { readPacked, readRunning, writePacked } from './packed-integers.ts';
import { ByteReader, ByteWriter } from './varint.ts';

/*
 * A sealed chunk (docs/chunk-format.md):
 *
 *   timestamps: the first (signed), then the differences, packed
 *   kind (1 byte): 0 to 9 for decimals of that many digits after the point, 255 for bit patterns
 *   decimals: number of specials (unsigned), each its distance from the one before (unsigned) and 8 bytes as they
 *     are; then the first value times 10^kind (signed), and the differences of the others, packed. A special
 *     (NaN, staleness marker, infinity, -0, beyond 2^51) repeats the value before it.
 *   bit patterns: each value's bits XORed with those of the value before (the first with 0): the high words,
 *     packed, then the low words, packed
 *
 * Counters and gauges are decimals nearly always, as in ALP (Afroozeh et al., SIGMOD 2023): dividing the integer by
 * the power of ten gives back the very same bits, which is checked on writing.
 */

const BIT_PATTERNS = 255;
const MOST_DIGITS = 9;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits);

/** Differences of two such integers fit `writePacked`. */
const LARGEST_INTEGER = 2 ** 51;
/** One special in so many values is worth standing apart. */
const VALUES_A_SPECIAL = 8;

/** Scratch memory for encoding; grows with the largest chunk. */
let scratch = new Float64Array(256);
function scratchOf(count: number): Float64Array {
  if (scratch.length < count) scratch = new Float64Array(count * 2);
  return scratch;
}

/** Encodes the first `count` samples (at least 1). The result is overwritten by the next call with this writer. */
export function encodeChunk(
  timestamps: Float64Array,
  values: Float64Array,
  count: number,
  out: ByteWriter = new ByteWriter(count * 12 + 64),
): Uint8Array {
  out.reset();
  out.signed(timestamps[0]!);
  writeDifferences(timestamps, count, out);
  const digits = digitsOf(values, count);
  out.byte(digits ?? BIT_PATTERNS);
  if (digits === undefined) encodeBits(values, count, out);
  else encodeDecimals(values, count, POWERS[digits]!, out);
  return out.written;
}

function writeDifferences(column: Float64Array, count: number, out: ByteWriter): void {
  const differences = scratchOf(count);
  for (let i = 1; i < count; i++) differences[i - 1] = column[i]! - column[i - 1]!;
  writePacked(differences, count - 1, out);
}

const isInteger = (value: number) =>
  Math.abs(value) <= LARGEST_INTEGER && Math.floor(value) === value && !(value === 0 && 1 / value < 0);

/** The integer that is `value` times `power`, if dividing it gives back the same value. */
function scaled(value: number, power: number): number | undefined {
  const integer = power === 1 ? value : Math.round(value * power);
  return isInteger(integer) && integer / power === value ? integer : undefined;
}

/** The digits after the point that all but a few values do with; undefined when these are no decimals. */
function digitsOf(values: Float64Array, count: number): number | undefined {
  let digits = 0;
  let specials = 0;
  for (let i = 0; i < count; i++) {
    let needed = digits;
    while (needed <= MOST_DIGITS && scaled(values[i]!, POWERS[needed]!) === undefined) needed++;
    if (needed <= MOST_DIGITS) digits = needed;
    else if (++specials * VALUES_A_SPECIAL > count) return undefined;
  }
  // Large values may be decimals of few digits and not of many.
  return specialsAt(values, count, POWERS[digits]!).length * VALUES_A_SPECIAL > count ? undefined : digits;
}

function specialsAt(values: Float64Array, count: number, power: number): number[] {
  const specials: number[] = [];
  for (let i = 0; i < count; i++) if (scaled(values[i]!, power) === undefined) specials.push(i);
  return specials;
}

/** The bytes of an aligned column: the bits of a NaN are safe only as long as they never become a number. */
const bytesOfColumn = (values: Float64Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.length * 8);

function encodeDecimals(values: Float64Array, count: number, power: number, out: ByteWriter): void {
  const specials = specialsAt(values, count, power);
  out.unsigned(specials.length);
  if (specials.length > 0) {
    const bytes = bytesOfColumn(values);
    let last = 0;
    for (const index of specials) {
      out.unsigned(index - last);
      out.raw(bytes.subarray(index * 8, index * 8 + 8));
      last = index;
    }
  }
  const differences = scratchOf(count);
  const first = scaled(values[0]!, power) ?? 0;
  let previous = first;
  for (let i = 1; i < count; i++) {
    const integer = scaled(values[i]!, power) ?? previous;
    differences[i - 1] = integer - previous;
    previous = integer;
  }
  out.signed(first);
  writePacked(differences, count - 1, out);
}

/** A column's words, for a column aligned to 8 bytes. */
const wordsOf = (values: Float64Array) =>
  new Uint32Array(values.buffer, values.byteOffset, values.length * 2);

function encodeBits(values: Float64Array, count: number, out: ByteWriter): void {
  const words = wordsOf(values);
  const column = scratchOf(count);
  for (const half of [1, 0]) {
    let previous = 0;
    for (let i = 0; i < count; i++) {
      const word = words[i * 2 + half]!;
      column[i] = (word ^ previous) >>> 0;
      previous = word;
    }
    writePacked(column, count, out);
  }
}

/** Decodes a chunk of `count` samples that begins at `bytes[offset]` into `target`, which has the room, from index `at` on. */
export function decodeChunk(
  bytes: Uint8Array,
  offset: number,
  count: number,
  target: SampleBuffer,
  at: number,
): void {
  const reader = new ByteReader(bytes, offset);
  const start = reader.signed();
  target.timestamps[at] = start;
  readRunning(reader, count - 1, start, target.timestamps, at + 1);
  const kind = reader.byte();
  if (kind === BIT_PATTERNS) decodeBits(reader, count, target, at);
  else decodeDecimals(reader, count, POWERS[kind]!, target, at);
}

function decodeDecimals(
  reader: ByteReader,
  count: number,
  power: number,
  { values, bytes }: SampleBuffer,
  at: number,
): void {
  const size = reader.unsigned();
  const specials: Array<readonly [index: number, offset: number]> = [];
  for (let i = 0, last = at; i < size; i++) {
    last += reader.unsigned();
    specials.push([last, reader.at]);
    reader.at += 8;
  }
  const first = reader.signed();
  values[at] = first;
  readRunning(reader, count - 1, first, values, at + 1);
  if (power !== 1) for (let i = at; i < at + count; i++) values[i] = values[i]! / power;
  for (const [index, offset] of specials) bytes.set(reader.bytes.subarray(offset, offset + 8), index * 8);
}

function decodeBits(reader: ByteReader, count: number, { words }: SampleBuffer, at: number): void {
  const column = scratchOf(count);
  for (const half of [1, 0]) {
    readPacked(reader, count, column, 0);
    let word = 0;
    for (let i = 0; i < count; i++) {
      word ^= column[i]!;
      words[(at + i) * 2 + half] = word;
    }
  }
}
