/**
 * A place in shared memory: `slab × SLAB_BYTES + byte offset`. One number, so that it fits in a shared row and in a
 * message. An allocation larger than a slab has a slab of its own and begins at its offset 0.
 */
export type Location = number;

/** Size of an ordinary slab: small beside a store, large beside what it holds. */
export const SLAB_BYTES = 1 << 20;

/** One thread's view of the shared memory: the same slabs under the same numbers in every thread. */
export class Slabs {
  readonly #bytes: Uint8Array[] = [];
  /** Views are dear to make (150 ns) and open columns are read at every query. */
  readonly #floats = new Map<Location, Float64Array>();
  readonly buffers: SharedArrayBuffer[] = [];
  totalBytes = 0;

  set(slab: number, buffer: SharedArrayBuffer): void {
    this.buffers[slab] = buffer;
    this.#bytes[slab] = new Uint8Array(buffer);
    this.totalBytes += buffer.byteLength;
  }

  /** The bytes of the slab that holds `location`; begin reading at `offsetOf(location)`. */
  bytesOf(location: Location): Uint8Array {
    return this.#bytes[Math.floor(location / SLAB_BYTES)]!;
  }

  offsetOf(location: Location): number {
    return location % SLAB_BYTES;
  }

  /** A column of `length` floats at `location`, which is a multiple of 8. */
  floats(location: Location, length: number): Float64Array {
    const known = this.#floats.get(location);
    if (known?.length === length) return known;
    const buffer = this.buffers[Math.floor(location / SLAB_BYTES)]!;
    const view = new Float64Array(buffer, location % SLAB_BYTES, length);
    this.#floats.set(location, view);
    return view;
  }

  forgetFloats(location: Location): void {
    this.#floats.delete(location);
  }
}
