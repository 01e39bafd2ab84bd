import type { Milliseconds } from '../core/index.ts';
import type { Maintenance } from './maintenance.ts';
import { sizeCutoff } from './retention.ts';
import type { StoreParts } from './store-parts.ts';

export interface MaintainOptions {
  /** Bytes in use on disk, log included, beyond which the oldest chunks are dropped; no limit when undefined. */
  readonly retentionBytes: number | undefined;
  /** Of the samples in the store. */
  span(): { readonly min: Milliseconds; readonly max: Milliseconds } | undefined;
}

/** The pages that chunks lie on are freed when all of them are: what one round does not free, the next may. */
const MOST_ROUNDS = 3;
/** Free room in the file is used again by what comes next; beyond this share, and this size, it is given back. */
const FREE_SHARE = 0.25;
const FREE_BYTES = 16 << 20;
const BYTES_A_SLICE = 1 << 20;

/** One round of maintenance, as a job. */
export async function maintain(
  parts: StoreParts,
  maintenance: Maintenance,
  options: MaintainOptions,
): Promise<void> {
  if (!(await maintenance.pass(maintenance.isDue()))) return;
  await dropForRoom(parts, maintenance, options);
  await giveBack(parts);
}

async function dropForRoom(
  parts: StoreParts,
  maintenance: Maintenance,
  { retentionBytes, span }: MaintainOptions,
): Promise<void> {
  if (retentionBytes === undefined) return;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const excess = parts.journal.liveBytes() - retentionBytes;
    const whole = span();
    if (excess <= 0 || !whole) return;
    const cutoff = await sizeCutoff(parts, whole, excess);
    if (cutoff === undefined || !(await maintenance.pass(true, cutoff))) return;
  }
}

async function giveBack({ journal, jobs }: StoreParts): Promise<void> {
  const total = journal.diskBytes();
  const free = total - journal.liveBytes();
  if (free < FREE_BYTES || free < total * FREE_SHARE) return;
  while (journal.diskBytes() - journal.liveBytes() > FREE_BYTES / 2 && journal.shrink(BYTES_A_SLICE))
    await jobs.pause();
}
