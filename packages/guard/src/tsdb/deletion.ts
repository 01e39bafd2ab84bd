import type { Matcher, Milliseconds } from '../core/index.ts';
import type { Head } from './head.ts';
import type { Deletion } from './journal.ts';
import type { Unstored } from './unstored.ts';

/** Drops the samples from memory; answers the series of which nothing is left. `sequence` is the transaction's. */
export function applyDeletions(
  head: Head,
  unstored: Unstored,
  deletions: readonly Deletion[],
  sequence: number,
): readonly number[] {
  const gone: number[] = [];
  for (const { series, from, to } of deletions) {
    // What comes after a deletion is newer than all that it dropped, also when it is replayed on later chunks.
    head.newest.setTime(series, Math.max(to, head.newest.time(series)));
    const changed = head.deleteRange(series, from, to);
    if (!changed) continue;
    if (head.span(series)) unstored.changed(series, changed);
    else gone.push(series);
  }
  head.remove(gone);
  for (const id of gone) unstored.gone(id, sequence);
  return gone;
}

/** What a deletion comes to: the series that meet every matcher of one of the sets and have samples in the range. */
export function planDeletions(
  { view, span }: Head,
  sets: ReadonlyArray<readonly Matcher[]>,
  from: Milliseconds,
  to: Milliseconds,
): Deletion[] {
  const ids = new Set(sets.flatMap(matchers => view.index.select(matchers)));
  const deletions: Deletion[] = [];
  for (const series of ids) {
    const own = span(series);
    if (!own) continue;
    const first = Math.max(own.min, Math.ceil(from));
    const last = Math.min(own.max, Math.floor(to));
    if (first <= last) deletions.push({ series, from: first, to: last });
  }
  return deletions;
}
