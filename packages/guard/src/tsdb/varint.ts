/**
 * Little-endian base-128 integers up to 2^53, signed ones by zigzag (0, -1, 1, -2 … become 0, 1, 2, 3 …), in plain
 * arithmetic beyond 31 bits, where JavaScript's bit operators end.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** The buffer behind it, which the next growth replaces. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** What was written so far; overwritten once the writer is reused. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  reset(): void {
    this.length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  /** 0 ≤ value ≤ 2^53. */
  unsigned(value: number): void {
    this.#reserve(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.length++] = (rest % 0x80) | 0x80;
    this.#bytes[this.length++] = rest;
  }

  /** |value| ≤ 2^52. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends `size` zero bytes to be filled in; answers where they begin. */
  extend(size: number): number {
    this.#reserve(size);
    const start = this.length;
    this.#bytes.fill(0, start, start + size);
    this.length += size;
    return start;
  }

  #reserve(extra: number): void {
    if (this.length + extra <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + extra));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote. Reading past the end yields zeros; callers check digests first. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  unsigned(): number {
    const first = this.bytes[this.at++]!;
    return first < 0x80 ? first : this.#long(first & 0x7f);
  }

  signed(): number {
    const first = this.bytes[this.at++]!;
    // Nearly all differences take one byte, or two: integers the compiler keeps in a register.
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    const second = this.bytes[this.at]!;
    if (second < 0x80) {
      this.at++;
      const short = (first & 0x7f) | (second << 7);
      return (short >>> 1) ^ -(short & 1);
    }
    const value = this.#long(first & 0x7f);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #long(low: number): number {
    let value = low;
    let scale = 0x80;
    for (;;) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (!(byte >= 0x80)) return value;
      scale *= 0x80;
    }
  }
}
