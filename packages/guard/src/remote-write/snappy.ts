import { UserError } from '../core/index.ts';

/** The compressed body is not snappy's block format, or says that it is larger than allowed. */
export const SNAPPY_CORRUPT = 'snappy-corrupt';
export const SNAPPY_TOO_LARGE = 'snappy-too-large';

const REMEDY = { remedy: "compress the body with snappy's block format, not the framed one" };
const corrupt = (): UserError => new UserError(SNAPPY_CORRUPT, 'snappy: corrupt input', REMEDY);

/** Below this a loop is quicker than a call into the engine. */
const SHORT = 24;
/** A declared length is a varint of at most 32 bits. */
const LONGEST_LENGTH = 5;
/** The element of the most bytes for its size is a copy of 64 bytes in 3: no input can give more for each byte. */
const LARGEST_GAIN = 22;

/** A block that can be decoded. */
export interface SnappyBlock {
  /** Bytes of the decoded block. */
  readonly length: number;
  /**
   * Begins to decode into `output`, which has `length` bytes. Each call of what it gives decodes about so many bytes
   * more, and is true once the block is whole.
   *
   * @throws UserError `snappy-corrupt`, from the steps
   */
  decode(output: Uint8Array): (bytes: number) => boolean;
}

/**
 * Opens a block of snappy (google/snappy, format_description.txt): its declared length is held against `maxBytes` and
 * against what the input could give at most, so that room can be made for it.
 *
 * @throws UserError `snappy-corrupt`, or `snappy-too-large` when the declared length is more than `maxBytes`
 */
export function openSnappyBlock(input: Uint8Array, maxBytes: number): SnappyBlock {
  const { length, start } = declaredLength(input);
  if (length > maxBytes)
    throw new UserError(SNAPPY_TOO_LARGE, `decoded size exceeds the ${maxBytes} bytes limit`, {
      remedy: 'send smaller requests',
    });
  if (length > (input.length - start) * LARGEST_GAIN) throw corrupt();
  return {
    length,
    decode(output) {
      const place: Place = { from: start, to: 0 };
      return bytes => {
        decodeElements(input, output, place, place.to + bytes);
        return place.from === input.length;
      };
    },
  };
}

/** Decodes a block at once; see `openSnappyBlock`. */
export function snappyDecode(input: Uint8Array, maxBytes: number): Buffer {
  const block = openSnappyBlock(input, maxBytes);
  const output = Buffer.allocUnsafe(block.length);
  block.decode(output)(Number.POSITIVE_INFINITY);
  return output;
}

function declaredLength(input: Uint8Array): { length: number; start: number } {
  let length = 0;
  for (let at = 0; at < LONGEST_LENGTH; at++) {
    const byte = input[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte > 0x7f) continue;
    if (length > 0xffff_ffff) break;
    return { length, start: at + 1 };
  }
  throw corrupt();
}

/** How far input and output have come. */
interface Place {
  from: number;
  to: number;
}

/**
 * Decodes until `pauseAt` bytes are there or more, or the input ends. Reads past the end give `undefined`, which
 * becomes 0 in the sums below; every end is checked before it is used.
 */
function decodeElements(input: Uint8Array, output: Uint8Array, place: Place, pauseAt: number): void {
  const inputEnd = input.length;
  const outputEnd = output.length;
  let { from, to } = place;
  while (from < inputEnd && to < pauseAt) {
    const tag = input[from++]!;
    let length = (tag >> 2) + 1;
    let offset: number;
    switch (tag & 3) {
      case 0: {
        if (length > 60) {
          const bytes = length - 60;
          length = littleEndian(input, from, bytes) + 1;
          from += bytes;
        }
        if (length > inputEnd - from || length > outputEnd - to) throw corrupt();
        if (length <= SHORT) for (let i = 0; i < length; i++) output[to + i] = input[from + i]!;
        else output.set(input.subarray(from, from + length), to);
        from += length;
        to += length;
        continue;
      }
      case 1:
        length = ((tag >> 2) & 7) + 4;
        offset = ((tag & 0xe0) << 3) | input[from]!;
        from += 1;
        break;
      case 2:
        offset = input[from]! | (input[from + 1]! << 8);
        from += 2;
        break;
      default:
        offset = littleEndian(input, from, 4);
        from += 4;
    }
    if (from > inputEnd || offset === 0 || offset > to || length > outputEnd - to) throw corrupt();
    copyWithin(output, to - offset, to, length);
    to += length;
  }
  if (from === inputEnd && to !== outputEnd) throw corrupt();
  place.from = from;
  place.to = to;
}

/** An offset shorter than the length repeats what the copy itself has just written. */
function copyWithin(output: Uint8Array, from: number, to: number, length: number): void {
  if (length <= SHORT || to - from < length)
    for (let i = 0; i < length; i++) output[to + i] = output[from + i]!;
  else output.copyWithin(to, from, from + length);
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (input[at + i] ?? 0);
  return value;
}
