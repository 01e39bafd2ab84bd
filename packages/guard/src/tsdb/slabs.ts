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
  readonly #floats: Float64Array[] = [];
  readonly buffers: SharedArrayBuffer[] = [];
  totalBytes = 0;

  set(slab: number, buffer: SharedArrayBuffer): void {
    this.buffers[slab] = buffer;
    this.#bytes[slab] = new Uint8Array(buffer);
    this.#floats[slab] = new Float64Array(buffer);
    this.totalBytes += buffer.byteLength;
  }

  /** The bytes of the slab that holds `location`; begin reading at `offsetOf(location)`. */
  bytesOf(location: Location): Uint8Array {
    return this.#bytes[Math.floor(location / SLAB_BYTES)]!;
  }

  offsetOf(location: Location): number {
    return location % SLAB_BYTES;
  }

  /** The floats of the slab that holds `location`, a multiple of 8; begin reading at `indexOf(location)`. */
  floatsOf(location: Location): Float64Array {
    return this.#floats[Math.floor(location / SLAB_BYTES)]!;
  }

  indexOf(location: Location): number {
    return (location % SLAB_BYTES) / 8;
  }
}
