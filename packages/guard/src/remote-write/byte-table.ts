/** Slots looked at before a table gives up: no choice of keys makes it slow. */
const LONGEST_PROBE = 64;
const FIRST_SLOTS = 1 << 10;
const FIRST_WORDS = 1 << 12;
/** Four columns and two to four slots of 4 bytes. */
const ENTRY_BYTES = 28;

/**
 * A table of byte strings, numbered as they came. Finding one makes no string and no garbage, which is ten times
 * quicker than a `Map` with strings made of the bytes; and the one that followed last time is looked at first, since
 * senders repeat themselves.
 */
export class ByteTable {
  /** Entry number and one, 0 for a free slot; open addressing, at most half full. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** By entry: where its words begin, its length in bytes, its hash, the entry that came after it last. */
  #starts = new Int32Array(FIRST_SLOTS);
  #lengths = new Int32Array(FIRST_SLOTS);
  #hashes = new Int32Array(FIRST_SLOTS);
  #followers = new Int32Array(FIRST_SLOTS);
  /** The bytes of all entries, four a word; the rest of an entry in a word of its own. */
  #words = new Int32Array(FIRST_WORDS);
  #usedWords = 0;
  #count = 0;
  #last = NONE;
  /** Where `find` ended without success: hash and free slot, for `add`. */
  #hash = 0;
  #free = NONE;

  /** Entries. */
  get count(): number {
    return this.#count;
  }

  /** What the entries cost. */
  get bytes(): number {
    return this.#usedWords * 4 + this.#count * ENTRY_BYTES;
  }

  /** The entry with the bytes of `view` from `start` to `end`, or -1. */
  find(view: DataView, start: number, end: number): number {
    const last = this.#last;
    if (last !== NONE) {
      const follower = this.#followers[last]!;
      if (follower !== NONE && this.#isSame(follower, view, start, end)) return this.#found(follower);
    }
    const hash = hashOf(view, start, end);
    const mask = this.#slots.length - 1;
    this.#hash = hash;
    for (let probe = 0; probe < LONGEST_PROBE; probe++) {
      const slot = (hash + probe) & mask;
      const entry = this.#slots[slot]! - 1;
      if (entry === NONE) {
        this.#free = slot;
        return NONE;
      }
      if (this.#hashes[entry] === hash && this.#isSame(entry, view, start, end)) return this.#found(entry);
    }
    this.#free = NONE;
    return NONE;
  }

  /** Adds what the last call of `find` did not find; -1 when there is no room near its place. */
  add(view: DataView, start: number, end: number): number {
    if (this.#free === NONE) return NONE;
    if (this.#count === this.#starts.length) this.#growEntries();
    const entry = this.#count++;
    this.#starts[entry] = this.#usedWords;
    this.#lengths[entry] = end - start;
    this.#hashes[entry] = this.#hash;
    this.#followers[entry] = NONE;
    this.#store(view, start, end);
    this.#slots[this.#free] = entry + 1;
    this.#free = NONE;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    return this.#found(entry);
  }

  clear(): void {
    this.#slots = new Int32Array(FIRST_SLOTS);
    this.#words = new Int32Array(FIRST_WORDS);
    this.#usedWords = this.#count = 0;
    this.#last = this.#free = NONE;
  }

  #found(entry: number): number {
    if (this.#last !== NONE) this.#followers[this.#last] = entry;
    this.#last = entry;
    return entry;
  }

  #isSame(entry: number, view: DataView, start: number, end: number): boolean {
    if (this.#lengths[entry] !== end - start) return false;
    const words = this.#words;
    let word = this.#starts[entry]!;
    let at = start;
    for (; at + 4 <= end; at += 4) if (words[word++] !== view.getInt32(at, true)) return false;
    return at === end || words[word] === restOf(view, at, end);
  }

  #store(view: DataView, start: number, end: number): void {
    const needed = this.#usedWords + ((end - start) >> 2) + 1;
    if (needed > this.#words.length)
      this.#words = grown(this.#words, Math.max(needed, this.#words.length * 2));
    let word = this.#usedWords;
    let at = start;
    for (; at + 4 <= end; at += 4) this.#words[word++] = view.getInt32(at, true);
    if (at < end) this.#words[word++] = restOf(view, at, end);
    this.#usedWords = word;
  }

  #growEntries(): void {
    const length = this.#starts.length * 2;
    this.#starts = grown(this.#starts, length);
    this.#lengths = grown(this.#lengths, length);
    this.#hashes = grown(this.#hashes, length);
    this.#followers = grown(this.#followers, length);
  }

  /** Entries that find no room near their new place are forgotten: they can be added again. */
  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#count; entry++) {
      const hash = this.#hashes[entry]!;
      for (let probe = 0; probe < LONGEST_PROBE; probe++) {
        const slot = (hash + probe) & mask;
        if (slots[slot] !== 0) continue;
        slots[slot] = entry + 1;
        break;
      }
    }
    this.#slots = slots;
  }
}

const NONE = -1;

function grown(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(column);
  return longer;
}

/** The last one to three bytes. */
function restOf(view: DataView, start: number, end: number): number {
  let rest = 0;
  for (let at = start; at < end; at++) rest = (rest << 8) | view.getUint8(at);
  return rest;
}

/** Four bytes a step; the constants are those of MurmurHash3's finalizer (public domain, Austin Appleby). */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  if (at < end) hash = Math.imul(hash ^ restOf(view, at, end), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
