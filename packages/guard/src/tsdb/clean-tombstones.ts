import { UserError } from '../core/index.ts';
import type { Maintenance } from './maintenance.ts';
import type { StoreParts } from './store-parts.ts';

/** Bytes a slice, moved from the end of the file to where there is room. */
const BYTES_A_SLICE = 1 << 20;

/**
 * Writes what was deleted from memory out of the file, and shortens the file by what is free, as a job.
 *
 * @throws UserError `store-read-only`
 */
export async function cleanTombstones(
  { journal, jobs }: StoreParts,
  maintenance: Maintenance,
): Promise<void> {
  if (!(await maintenance.pass(true)))
    throw new UserError('store-read-only', 'the sample store cannot be written', {
      remedy: 'free disk space or make the data directory writable, and try again',
    });
  while (journal.shrink(BYTES_A_SLICE)) await jobs.pause();
}
