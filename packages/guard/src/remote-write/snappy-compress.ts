/**
 * A compressor of snappy's block format: back references are found with a hash of four bytes, as the reference
 * implementation does. The format: google/snappy, format_description.txt.
 */
const HASH_BITS = 14;
/** Back references of two bytes reach this far; the reference implementation compresses in blocks of that size. */
const BLOCK = 1 << 16;

/** The input as one block. */
export function snappyCompress(input: Uint8Array): Buffer {
  const output = Buffer.allocUnsafe(10 + input.length + Math.ceil(input.length / 6));
  let at = writeVarint(output, 0, input.length);
  const table = new Int32Array(1 << HASH_BITS);
  for (let start = 0; start < input.length; start += BLOCK)
    at = compressBlock(input, start, Math.min(start + BLOCK, input.length), output, at, table);
  return output.subarray(0, at);
}

function writeVarint(output: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) output[at++] = (rest % 128) | 0x80;
  output[at++] = rest;
  return at;
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

function compressBlock(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  outputStart: number,
  table: Int32Array,
): number {
  table.fill(-1);
  let at = outputStart;
  let literalStart = start;
  let position = start;
  while (position + 4 <= end) {
    const slot = Math.imul(wordAt(input, position), 0x1e35a7bd) >>> (32 - HASH_BITS);
    const candidate = table[slot]!;
    table[slot] = position;
    if (candidate < 0 || wordAt(input, candidate) !== wordAt(input, position)) {
      position++;
      continue;
    }
    let length = 4;
    while (position + length < end && input[candidate + length] === input[position + length]) length++;
    at = emitLiteral(input, literalStart, position, output, at);
    at = emitCopy(position - candidate, length, output, at);
    position += length;
    literalStart = position;
  }
  return emitLiteral(input, literalStart, end, output, at);
}

function emitLiteral(input: Uint8Array, from: number, to: number, output: Uint8Array, start: number): number {
  const length = to - from;
  if (length === 0) return start;
  let at = start;
  const last = length - 1;
  if (last < 60) output[at++] = last << 2;
  else if (last < 256) {
    output[at++] = 60 << 2;
    output[at++] = last;
  } else {
    output[at++] = 61 << 2;
    output[at++] = last & 0xff;
    output[at++] = last >> 8;
  }
  output.set(input.subarray(from, to), at);
  return at + length;
}

function emitCopy(offset: number, length: number, output: Uint8Array, start: number): number {
  let at = start;
  let rest = length;
  while (rest > 0) {
    // A copy of less than four bytes has no short form: never leave one behind.
    const part = rest > 64 ? Math.min(64, rest - 4) : rest;
    if (part >= 4 && part <= 11 && offset < 2048) {
      output[at++] = 1 | ((part - 4) << 2) | ((offset >> 8) << 5);
      output[at++] = offset & 0xff;
    } else {
      output[at++] = 2 | ((part - 1) << 2);
      output[at++] = offset & 0xff;
      output[at++] = offset >> 8;
    }
    rest -= part;
  }
  return at;
}
