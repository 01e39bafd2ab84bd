import { SampleBuffer } from '../storage.ts';

/** Columns for the samples of one query, used again by the next: rules ask thousands of small queries a cycle. */
export interface Buffers {
  take(): SampleBuffer;
  /** Takes all back: nothing may refer to them any more. */
  reclaim(): void;
}

/** A buffer that grew beyond this many samples is not kept. */
const LARGEST_KEPT = 1 << 20;
const FIRST_CAPACITY = 256;

export function createBuffers(): Buffers {
  const buffers: SampleBuffer[] = [];
  let taken = 0;
  return {
    take() {
      if (taken === buffers.length) buffers.push(new SampleBuffer().reserve(FIRST_CAPACITY));
      return buffers[taken++]!;
    },
    reclaim() {
      for (let i = 0; i < taken; i++)
        if (buffers[i]!.timestamps.length > LARGEST_KEPT)
          buffers[i] = new SampleBuffer().reserve(FIRST_CAPACITY);
      taken = 0;
    },
  };
}
