import type { Milliseconds } from '../core/index.ts';
import { recordBytes } from './chunk-record.ts';
import type { StoreParts } from './store-parts.ts';

/**
 * What ended before is too old. Counted from the newest sample where that is older than now, as in Prometheus
 * (tsdb/db.go `BeyondTimeRetention`): a clock that jumps ahead deletes nothing before samples follow it.
 */
export function timeCutoff(
  newest: Milliseconds | undefined,
  now: Milliseconds,
  retention: Milliseconds,
): Milliseconds {
  return Math.min(newest ?? now, now) - retention;
}

/** Never dropped for want of room: in Prometheus that is the head, a block that is never deleted. */
const ALWAYS_KEPT: Milliseconds = 2 * 3_600_000;
/** How finely time is divided to find the cutoff. */
const BUCKETS = 1024;
const SLICE: Milliseconds = 10;

/**
 * The instant such that about `excess` bytes on disk are those of chunks that ended before; undefined when there is
 * nothing to drop. Part of a job.
 */
export async function sizeCutoff(
  { head, jobs, clock }: StoreParts,
  span: { readonly min: Milliseconds; readonly max: Milliseconds },
  excess: number,
): Promise<Milliseconds | undefined> {
  const last = span.max - ALWAYS_KEPT;
  if (last <= span.min) return undefined;
  const width = (last - span.min) / BUCKETS;
  const sizes = new Float64Array(BUCKETS);
  let sliceEnd = clock.monotonic() + SLICE;
  for (const id of head.view.index.ids.slice()) {
    head.visitSizes(id, (maxTime, bytes) => {
      const bucket = Math.floor((maxTime - span.min) / width);
      if (bucket >= 0 && bucket < BUCKETS) sizes[bucket]! += recordBytes(bytes);
    });
    if (clock.monotonic() < sliceEnd) continue;
    await jobs.pause();
    sliceEnd = clock.monotonic() + SLICE;
  }
  let sum = 0;
  const bucket = sizes.findIndex(size => {
    sum += size;
    return sum >= excess;
  });
  if (sum === 0) return undefined;
  return bucket < 0 ? last : span.min + Math.ceil((bucket + 1) * width);
}
