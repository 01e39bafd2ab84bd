import { type Location, SLAB_BYTES, type Slabs } from './slabs.ts';

/** Sizes are rounded up to this many bytes, so that freed pieces find takers and floats are aligned. */
const GRAIN = 16;

const rounded = (bytes: number) => Math.ceil(Math.max(1, bytes) / GRAIN) * GRAIN;

/** Hands out pieces of the slabs; main thread only. Freed pieces are reused at their own size. */
export interface Allocator {
  allocate(bytes: number): Location;
  /** `bytes` is what was asked for. */
  free(location: Location, bytes: number): void;
  /** Bytes in use, rounding included. */
  usedBytes(): number;
}

/** `onSlab` is told of each slab before anything lies in it. */
export function createAllocator(
  slabs: Slabs,
  onSlab: (slab: number, buffer: SharedArrayBuffer) => void,
): Allocator {
  const freeBySize = new Map<number, Location[]>();
  let next: Location = 0;
  let end: Location = 0;
  let used = 0;

  function release(location: Location, size: number): void {
    const free = freeBySize.get(size);
    if (free) free.push(location);
    else freeBySize.set(size, [location]);
  }

  function addSlab(size: number): Location {
    const slab = slabs.buffers.length;
    const buffer = new SharedArrayBuffer(size);
    slabs.set(slab, buffer);
    onSlab(slab, buffer);
    return slab * SLAB_BYTES;
  }

  function carve(size: number): Location {
    if (size > SLAB_BYTES) return addSlab(size);
    if (next + size > end) {
      if (end > next) release(next, end - next);
      next = addSlab(SLAB_BYTES);
      end = next + SLAB_BYTES;
    }
    const location = next;
    next += size;
    return location;
  }

  return {
    allocate(bytes) {
      const size = rounded(bytes);
      used += size;
      return freeBySize.get(size)?.pop() ?? carve(size);
    },
    free(location, bytes) {
      const size = rounded(bytes);
      used -= size;
      release(location, size);
    },
    usedBytes: () => used,
  };
}
