import { ByteReader, ByteWriter } from './varint.ts';

/*
 * A sealed chunk, all byte-aligned:
 *
 *   kind (1 byte: 0 integers, 1 bit patterns)
 *   timestamps: first, first delta, then deltas of deltas, each signed; a 0 is followed by the number of further 0s
 *   values, integers: first, then deltas, each signed; a 0 is followed by the number of further 0s
 *   values, bit patterns: each value's bits XORed with the previous one's (the first with 0). A control byte
 *     `trailing zero bytes << 4 | significant bytes`, then the significant bytes, lowest first; a control byte of 0
 *     says "the same", followed by the number of further equal values
 *
 * A scrape at a steady interval costs no byte for its timestamp, and a counter that grows slowly one for its value.
 */

const INTEGERS = 0;
const BIT_PATTERNS = 1;

/** Differences of two such values are exact, and so is their zigzag form. */
const LARGEST_INTEGER = 2 ** 51;

const isPlainInteger = (value: number) =>
  Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER && !Object.is(value, -0);

/** Writes signed integers, runs of zeros as one. */
class RunWriter {
  readonly #out: ByteWriter;
  #zeros = 0;

  constructor(out: ByteWriter) {
    this.#out = out;
  }

  write(value: number): void {
    if (value === 0) {
      this.#zeros++;
      return;
    }
    this.flush();
    this.#out.signed(value);
  }

  flush(): void {
    if (this.#zeros === 0) return;
    this.#out.byte(0);
    this.#out.unsigned(this.#zeros - 1);
    this.#zeros = 0;
  }
}

/** Encodes the first `count` samples (at least 1). The result is overwritten by the next call with this writer. */
export function encodeChunk(
  timestamps: Float64Array,
  values: Float64Array,
  count: number,
  out: ByteWriter = new ByteWriter(count * 12 + 32),
): Uint8Array {
  out.reset();
  const integers = values.subarray(0, count).every(isPlainInteger);
  out.byte(integers ? INTEGERS : BIT_PATTERNS);
  encodeTimestamps(timestamps, count, out);
  if (integers) encodeIntegers(values, count, out);
  else encodeBits(values, count, out);
  return out.written;
}

function encodeTimestamps(timestamps: Float64Array, count: number, out: ByteWriter): void {
  const runs = new RunWriter(out);
  out.signed(timestamps[0]!);
  let delta = 0;
  for (let i = 1; i < count; i++) {
    const next = timestamps[i]! - timestamps[i - 1]!;
    runs.write(next - delta);
    delta = next;
  }
  runs.flush();
}

function encodeIntegers(values: Float64Array, count: number, out: ByteWriter): void {
  const runs = new RunWriter(out);
  out.signed(values[0]!);
  for (let i = 1; i < count; i++) runs.write(values[i]! - values[i - 1]!);
  runs.flush();
}

/** The bytes of an aligned column: the bits of a NaN are safe only as long as they never become a number. */
const bytesOfColumn = (values: Float64Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.length * 8);

function encodeBits(values: Float64Array, count: number, out: ByteWriter): void {
  const bytes = bytesOfColumn(values);
  const difference = new Uint8Array(8);
  let equal = 0;
  const flush = () => {
    if (equal === 0) return;
    out.byte(0);
    out.unsigned(equal - 1);
    equal = 0;
  };
  for (let i = 0; i < count; i++) {
    let first = 8;
    let last = -1;
    for (let k = 0; k < 8; k++) {
      difference[k] = bytes[i * 8 + k]! ^ (i === 0 ? 0 : bytes[i * 8 + k - 8]!);
      if (difference[k] === 0) continue;
      first = Math.min(first, k);
      last = k;
    }
    if (last < 0) {
      equal++;
      continue;
    }
    flush();
    out.byte((first << 4) | (last - first + 1));
    out.raw(difference.subarray(first, last + 1));
  }
  flush();
}

/** Where decoded samples go: columns with room for `count` samples from index `at`. */
export interface DecodeTarget {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** The same memory as `values`, as pairs of words. */
  readonly words: Uint32Array;
}

/** A target of its own for `capacity` samples. */
export function createDecodeTarget(capacity: number): DecodeTarget {
  const values = new Float64Array(capacity);
  return { timestamps: new Float64Array(capacity), values, words: new Uint32Array(values.buffer) };
}

/** Decodes a chunk of `count` samples that begins at `bytes[offset]` into `target` from index `at` on. */
export function decodeChunk(
  bytes: Uint8Array,
  offset: number,
  count: number,
  target: DecodeTarget,
  at: number,
): void {
  const reader = new ByteReader(bytes, offset);
  const kind = reader.byte();
  decodeTimestamps(reader, count, target.timestamps, at);
  if (kind === INTEGERS) decodeIntegers(reader, count, target.values, at);
  else decodeBits(reader, count, target.words, at);
}

function decodeTimestamps(reader: ByteReader, count: number, timestamps: Float64Array, at: number): void {
  let time = reader.signed();
  timestamps[at] = time;
  let delta = 0;
  const end = at + count;
  for (let i = at + 1; i < end; ) {
    const change = reader.signed();
    delta += change;
    const stop = change === 0 ? i + reader.unsigned() + 1 : i + 1;
    while (i < stop) {
      time += delta;
      timestamps[i++] = time;
    }
  }
}

function decodeIntegers(reader: ByteReader, count: number, values: Float64Array, at: number): void {
  let value = reader.signed();
  values[at] = value;
  const { bytes } = reader;
  const end = at + count;
  for (let i = at + 1; i < end; ) {
    // Differences of one byte are read here: a call a sample would cost more than all the rest.
    let byte = bytes[reader.at]!;
    let next = reader.at;
    for (; i < end && byte < 0x80 && byte !== 0; byte = bytes[++next]!) {
      value += (byte >>> 1) ^ -(byte & 1);
      values[i++] = value;
    }
    reader.at = next;
    if (i === end) return;
    const change = reader.signed();
    value += change;
    const stop = change === 0 ? i + reader.unsigned() + 1 : i + 1;
    while (i < stop) values[i++] = value;
  }
}

function decodeBits(reader: ByteReader, count: number, words: Uint32Array, at: number): void {
  const { bytes } = reader;
  let low = 0;
  let high = 0;
  const end = (at + count) * 2;
  for (let i = at * 2; i < end; ) {
    const control = reader.byte();
    if (control === 0) {
      for (const stop = i + 2 * reader.unsigned() + 2; i < stop; ) {
        words[i++] = low;
        words[i++] = high;
      }
      continue;
    }
    let next = reader.at;
    let bit = (control >> 4) * 8;
    const stop = bit + (control & 15) * 8;
    for (; bit < 32 && bit < stop; bit += 8) low ^= bytes[next++]! << bit;
    for (; bit < stop; bit += 8) high ^= bytes[next++]! << (bit - 32);
    reader.at = next;
    words[i++] = low;
    words[i++] = high;
  }
}
