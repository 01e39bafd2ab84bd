import type { Matcher, Milliseconds } from '../core/index.ts';
import { applyDeletions, planDeletions } from './deletion.ts';
import type { Deletion } from './journal.ts';
import type { StoreParts } from './store-parts.ts';

/** Series a slice: of each, two chunks at most are read and written anew, in some 200 µs. */
const SERIES_A_SLICE = 64;

/**
 * Deletes as a job. What the log still holds stays there, followed by the deletion; the chunks on disk are written
 * anew by the next pass of maintenance.
 *
 * @throws UserError `store-read-only`; series that came before are then deleted.
 */
export async function deleteSeries(
  parts: StoreParts,
  sets: ReadonlyArray<readonly Matcher[]>,
  from: Milliseconds,
  to: Milliseconds,
): Promise<void> {
  const planned = planDeletions(parts.head, sets, from, to);
  for (let at = 0; at < planned.length; at += SERIES_A_SLICE) {
    if (at > 0) await parts.jobs.pause();
    deleteSlice(parts, planned.slice(at, at + SERIES_A_SLICE));
  }
}

function deleteSlice(
  { head, journal, unstored, onChange, onGone }: StoreParts,
  planned: readonly Deletion[],
): void {
  const deletions = planned.filter(({ series }) => head.span(series));
  if (deletions.length === 0) return;
  journal.appendDeletions(deletions);
  head.begin();
  const gone = applyDeletions(head, unstored, deletions, journal.mark().sequence);
  onChange();
  if (gone.length > 0) onGone(gone);
}
