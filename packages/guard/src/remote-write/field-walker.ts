import { malformed } from './malformed.ts';

/** Wire types of protobuf (protobuf.dev/programming-guides/encoding). */
export const VARINT = 0;
export const BITS64 = 1;
export const BYTES = 2;
const GROUP_START = 3;
const GROUP_END = 4;
const BITS32 = 5;

const DEEPEST_GROUP = 32;
/** Field numbers begin with 1 and have 29 bits; the lowest three of a tag are the wire type. */
const SMALLEST_TAG = 1 << 3;
const LARGEST_TAG = 0xffff_ffff;

/**
 * Walks the fields of a protobuf message in place: no objects, no copies. Bounds are byte offsets, ends exclusive.
 * Every method throws a UserError `remote-write-malformed` where the bytes are no protobuf.
 */
export class FieldWalker {
  readonly bytes: Buffer;
  /** Where the next field begins. */
  at = 0;
  /** The field that `next` moved to: its number and wire type, and where its value lies. */
  number = 0;
  wireType = 0;
  start = 0;
  end = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Moves to the next field of a message that ends at `messageEnd`; false where there is none. */
  next(messageEnd: number): boolean {
    if (this.at >= messageEnd) return false;
    this.#tag(messageEnd);
    if (this.wireType === BYTES) {
      const length = this.varint(messageEnd);
      this.start = this.at;
      this.#advance(length, messageEnd);
    } else {
      this.start = this.at;
      this.#skip(messageEnd, 0);
    }
    this.end = this.at;
    return true;
  }

  #tag(messageEnd: number): void {
    const tag = this.varint(messageEnd);
    if (!(tag >= SMALLEST_TAG && tag <= LARGEST_TAG))
      throw malformed(`illegal tag ${tag} before byte ${this.at}`);
    this.number = tag >>> 3;
    this.wireType = tag & 7;
  }

  /** For a field that must have this wire type. */
  expect(wireType: number): void {
    if (this.wireType !== wireType)
      throw malformed(`field ${this.number} has wire type ${this.wireType} instead of ${wireType}`);
  }

  /** A varint at `at`, which is short almost always: one or two bytes have a way of their own. */
  varint(messageEnd: number): number {
    const { bytes, at } = this;
    if (at + 1 < messageEnd) {
      const first = bytes[at]!;
      if (first < 0x80) {
        this.at = at + 1;
        return first;
      }
      const second = bytes[at + 1]!;
      if (second < 0x80) {
        this.at = at + 2;
        return (first & 0x7f) | (second << 7);
      }
    }
    return this.int64(messageEnd);
  }

  /** A signed varint of 64 bits at `at`; exact up to 2^53. */
  int64(messageEnd: number): number {
    const { bytes } = this;
    let at = this.at;
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let i = 0; ; i++) {
      if (at >= messageEnd) throw unexpectedEnd();
      if (i === 10) throw malformed('integer overflow');
      const byte = bytes[at++]!;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i < 8) middle |= bits << (7 * (i - 4));
      else high |= bits << (7 * (i - 8));
      if (byte < 0x80) break;
    }
    this.at = at;
    return ((high << 24) >> 24) * 2 ** 56 + middle * 2 ** 28 + low;
  }

  #skip(messageEnd: number, depth: number): void {
    switch (this.wireType) {
      case VARINT:
        this.int64(messageEnd);
        return;
      case BITS64:
        this.#advance(8, messageEnd);
        return;
      case BITS32:
        this.#advance(4, messageEnd);
        return;
      case BYTES:
        this.#advance(this.varint(messageEnd), messageEnd);
        return;
      case GROUP_START:
        this.#skipGroup(messageEnd, depth + 1);
        return;
      default:
        throw malformed(`illegal wire type ${this.wireType} at byte ${this.at}`);
    }
  }

  /** Groups are long deprecated; an unknown one is skipped all the same. */
  #skipGroup(messageEnd: number, depth: number): void {
    if (depth > DEEPEST_GROUP) throw malformed('groups are nested too deeply');
    const { number } = this;
    for (;;) {
      this.#tag(messageEnd);
      if (this.wireType === GROUP_END) break;
      this.#skip(messageEnd, depth);
    }
    this.number = number;
    this.wireType = GROUP_START;
  }

  #advance(bytes: number, messageEnd: number): void {
    if (bytes < 0 || bytes > messageEnd - this.at) throw unexpectedEnd();
    this.at += bytes;
  }
}

const unexpectedEnd = () => malformed('unexpected EOF');
