import type { ByteReader, ByteWriter } from './varint.ts';

/*
 * A list of integers of like size, as patched frame of reference (Zukowski et al., "Super-Scalar RAM-CPU Cache
 * Compression", ICDE 2006; the few that do not fit a common width stand apart, so that one counter reset does not
 * widen a thousand increments):
 *
 *   width (1 byte, bits), base (signed), number of exceptions (unsigned)
 *   exceptions: distance from the one before (unsigned), the number itself (signed)
 *   for each number `number - base` in `width` bits, lowest bits first; an exception's place holds 0
 *   three bytes of padding when there is a width, so that four bytes can be read at every place
 *
 * Widths up to 24 are packed by bits, wider ones by whole bytes.
 */

/** Widest that four bytes hold at any bit offset. */
const WIDEST_BITS = 24;
/** Widest that two bytes hold at any bit offset: most counters, and quicker to read. */
const WIDEST_IN_TWO = 9;
const WIDEST = 56;
const PADDING = 3;
/** What an exception costs, about: its distance, its number, and its empty place. */
const EXCEPTION_BYTES = 6;
/** Bases are judged by this many numbers, spread evenly. */
const PROBES = 64;

/** Widths that are stored: `WIDTHS[bits]` is the narrowest that holds `bits`. */
const WIDTHS = Uint8Array.from({ length: WIDEST + 1 }, (_, bits) =>
  bits <= WIDEST_BITS ? bits : Math.ceil(bits / 8) * 8,
);

/** Bits of an integer of 0 to 2^53. */
const bitLength = (value: number): number =>
  value < 0x1_0000_0000 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 0x1_0000_0000));

interface Frame {
  readonly base: number;
  readonly width: number;
  readonly bytes: number;
}

/** Writes the first `count` of `numbers`: integers of at most 2^52 either way. */
export function writePacked(numbers: Float64Array, count: number, out: ByteWriter): void {
  const { base, width } = bestFrame(numbers, count);
  const limit = Math.min(2 ** width, Number.MAX_SAFE_INTEGER);
  const exceptions: number[] = [];
  for (let i = 0; i < count; i++) {
    const rest = numbers[i]! - base;
    if (rest < 0 || rest >= limit) exceptions.push(i);
  }
  out.byte(width);
  out.signed(base);
  out.unsigned(exceptions.length);
  let last = 0;
  for (const index of exceptions) {
    out.unsigned(index - last);
    out.signed(numbers[index]!);
    last = index;
  }
  if (width === 0) return;
  const start = out.extend(Math.ceil((count * width) / 8) + PADDING);
  if (width <= WIDEST_BITS) writeBits(numbers, count, base, width, out.bytes, start);
  else writeBytes(numbers, count, base, width, out.bytes, start);
}

function writeBits(
  numbers: Float64Array,
  count: number,
  base: number,
  width: number,
  bytes: Uint8Array,
  start: number,
): void {
  const limit = 2 ** width;
  let at = start;
  let pending = 0;
  let bits = 0;
  for (let i = 0; i < count; i++) {
    const rest = numbers[i]! - base;
    if (rest >= 0 && rest < limit) pending |= rest << bits;
    bits += width;
    for (; bits >= 8; bits -= 8) {
      bytes[at++] = pending;
      pending >>>= 8;
    }
  }
  if (bits > 0) bytes[at] = pending;
}

function writeBytes(
  numbers: Float64Array,
  count: number,
  base: number,
  width: number,
  bytes: Uint8Array,
  start: number,
): void {
  const limit = Math.min(2 ** width, Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < count; i++) {
    let rest = numbers[i]! - base;
    if (rest < 0 || rest >= limit) continue;
    for (let at = start + i * (width >>> 3); rest > 0; rest = Math.floor(rest / 256))
      bytes[at++] = rest % 256;
  }
}

const SAME: Frame = { base: 0, width: 0, bytes: 0 };
/** A frame of so many bits or fewer is good enough not to look for a better one. */
const NARROW_BITS = 8;

function bestFrame(numbers: Float64Array, count: number): Frame {
  if (count === 0) return SAME;
  let least = numbers[0]!;
  let most = least;
  for (let i = 1; i < count; i++) {
    const number = numbers[i]!;
    if (number < least) least = number;
    else if (number > most) most = number;
  }
  if (least === most) return { ...SAME, base: least };
  let best = frameAt(numbers, count, least);
  if (best.width <= NARROW_BITS) return best;
  for (const base of lowNumbers(numbers, count)) {
    const frame = frameAt(numbers, count, base);
    if (frame.bytes < best.bytes) best = frame;
  }
  return best;
}

/** Low ones among a few, in case the least of all is an outlier. */
function lowNumbers(numbers: Float64Array, count: number): Set<number> {
  const probes = new Float64Array(Math.min(count, PROBES));
  for (let i = 0; i < probes.length; i++) probes[i] = numbers[Math.floor((i * count) / probes.length)]!;
  probes.sort();
  return new Set([probes[0]!, probes[probes.length >> 4]!, probes[probes.length >> 2]!]);
}

const lengths = new Uint32Array(WIDEST + 1);

/** The cheapest width at this base. */
function frameAt(numbers: Float64Array, count: number, base: number): Frame {
  lengths.fill(0);
  let below = 0;
  for (let i = 0; i < count; i++) {
    const rest = numbers[i]! - base;
    // Differences beyond 2^53 are not exact, and stand apart.
    if (rest < 0 || rest >= Number.MAX_SAFE_INTEGER) below++;
    else lengths[bitLength(rest)]!++;
  }
  let exceptions = count;
  let best: Frame = { base, width: 0, bytes: Number.POSITIVE_INFINITY };
  for (let bits = 0; bits <= WIDEST; bits++) {
    exceptions -= lengths[bits]!;
    const width = WIDTHS[bits]!;
    const bytes = (count * width) / 8 + exceptions * EXCEPTION_BYTES;
    if (bytes < best.bytes) best = { base, width, bytes };
    if (exceptions === below) break;
  }
  return best;
}

/** Reads `count` numbers into `target` from index `at` on. */
export function readPacked(reader: ByteReader, count: number, target: Float64Array, at: number): void {
  const frame = readFrame(reader, count);
  const { bytes, base, width, start } = frame;
  if (width === 0) target.fill(base, at, at + count);
  else if (width <= WIDEST_BITS) {
    const mask = 2 ** width - 1;
    for (let i = 0, bit = start * 8; i < count; i++, bit += width)
      target[at + i] = base + ((fourBytes(bytes, bit >>> 3) >>> (bit & 7)) & mask);
  } else {
    for (let i = 0; i < count; i++) target[at + i] = base + wideAt(bytes, start + i * (width >>> 3), width);
  }
  for (let i = 0; i < frame.exceptions.length; i++) target[at + frame.exceptions[i]!] = frame.numbers[i]!;
}

/**
 * Reads `count` differences and writes what they lead to, from `first` on: `target[at]` is `first` and the first
 * difference, and so on. The same as `readPacked` and a running sum, in one pass.
 */
export function readRunning(
  reader: ByteReader,
  count: number,
  first: number,
  target: Float64Array,
  at: number,
): void {
  const frame = readFrame(reader, count);
  const { bytes, base, width, start, exceptions } = frame;
  const mask = 2 ** width - 1;
  let total = first;
  let i = 0;
  for (let next = 0; ; next++) {
    const stop = next < exceptions.length ? exceptions[next]! : count;
    if (width === 0) {
      for (; i < stop; i++) {
        total += base;
        target[at + i] = total;
      }
    } else if (width <= WIDEST_IN_TWO) {
      for (let bit = start * 8 + i * width; i < stop; i++, bit += width) {
        const byte = bit >>> 3;
        total += base + (((bytes[byte]! | (bytes[byte + 1]! << 8)) >>> (bit & 7)) & mask);
        target[at + i] = total;
      }
    } else if (width <= WIDEST_BITS) {
      for (let bit = start * 8 + i * width; i < stop; i++, bit += width) {
        total += base + ((fourBytes(bytes, bit >>> 3) >>> (bit & 7)) & mask);
        target[at + i] = total;
      }
    } else {
      for (; i < stop; i++) {
        total += base + wideAt(bytes, start + i * (width >>> 3), width);
        target[at + i] = total;
      }
    }
    if (i === count) return;
    total += frame.numbers[next]!;
    target[at + i++] = total;
  }
}

interface PackedFrame {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly base: number;
  /** Places of the exceptions, ascending, and their numbers. */
  readonly exceptions: readonly number[];
  readonly numbers: readonly number[];
  /** Where the packed numbers begin. */
  readonly start: number;
}

const NONE: readonly number[] = [];

function readFrame(reader: ByteReader, count: number): PackedFrame {
  const width = reader.byte();
  const base = reader.signed();
  const size = reader.unsigned();
  const exceptions = size === 0 ? NONE : new Array<number>(size);
  const numbers = size === 0 ? NONE : new Array<number>(size);
  for (let i = 0, last = 0; i < size; i++) {
    last += reader.unsigned();
    (exceptions as number[])[i] = last;
    (numbers as number[])[i] = reader.signed();
  }
  const start = reader.at;
  if (width > 0) reader.at += Math.ceil((count * width) / 8) + PADDING;
  return { bytes: reader.bytes, width, base, exceptions, numbers, start };
}

const fourBytes = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

function wideAt(bytes: Uint8Array, at: number, width: number): number {
  let value = fourBytes(bytes, at) >>> 0;
  for (let bit = 32, scale = 0x1_0000_0000; bit < width; bit += 8, scale *= 256)
    value += bytes[at + (bit >>> 3)]! * scale;
  return value;
}
