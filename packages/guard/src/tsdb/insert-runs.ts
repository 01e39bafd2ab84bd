import type { Labels } from '../core/index.ts';
import type { Run } from './backfill-runs.ts';
import { replacementsOf } from './pass.ts';
import type { Insertion } from './series-edits.ts';
import type { StoreParts } from './store-parts.ts';

/** Runs of one series, none of which has samples of the series, or another of the runs, in its midst. */
export interface SeriesRuns {
  readonly id: number;
  readonly labels: Labels;
  readonly isNew: boolean;
  readonly runs: readonly Run[];
}

/** One of them on its way in. */
interface Entry extends SeriesRuns, Run {
  readonly plan: Insertion;
}

/** Stores the runs and then shows them, a run of each series a transaction. @throws UserError `store-read-only` */
export function insertRuns(parts: StoreParts, series: readonly SeriesRuns[]): void {
  storeOpen(
    parts,
    series.filter(each => isBehindOpen(parts, each)),
  );
  const most = Math.max(0, ...series.map(({ runs }) => runs.length));
  for (let turn = 0; turn < most; turn++) {
    const entries: Entry[] = [];
    for (const each of series) {
      const run = each.runs[turn];
      if (!run) continue;
      const plan = parts.head.planInsertion(each.id, run.samples, run.count);
      entries.push({ ...each, ...run, isNew: each.isNew && turn === 0, plan });
    }
    insert(parts, entries);
  }
}

/** Whether a run comes after samples that are open, or in the log alone. */
function isBehindOpen({ head, unstored }: StoreParts, { id, isNew, runs }: SeriesRuns): boolean {
  const span = isNew ? undefined : head.span(id);
  if (!span || !runs.some(({ samples }) => samples.timestamps[0]! > span.min)) return false;
  return head.hasOpen(id) || head.firstStartSince(id, unstored.storedUntil(id)) !== undefined;
}

/** Samples older than a stored chunk's must be in chunks as well: the log is read back after those. */
function storeOpen(parts: StoreParts, series: readonly SeriesRuns[]): void {
  const { head, journal, unstored, onChange } = parts;
  if (series.length === 0) return;
  head.begin();
  for (const { id } of series) head.seal(id);
  onChange();
  journal.replace([], replacementsOfAll(parts, series));
  for (const { id } of series) unstored.stored(id, head.newest.time(id));
}

function* replacementsOfAll(parts: StoreParts, series: readonly SeriesRuns[]) {
  for (const { id } of series) yield* replacementsOf(parts, id);
}

function insert({ head, journal, unstored, onChange }: StoreParts, entries: readonly Entry[]): void {
  const newSeries = entries.filter(({ isNew }) => isNew);
  const replacements = entries.map(({ id, plan }) => ({ series: id, ...plan.changed, chunks: plan.chunks }));
  journal.replace(newSeries, replacements);
  head.begin();
  for (const { id, labels } of newSeries) head.addSeries(id, labels);
  for (const { id, samples, count, plan } of entries) {
    head.insertRun(id, samples, count, plan);
    unstored.stored(id, Math.max(unstored.storedUntil(id), samples.timestamps[count - 1]!));
  }
  onChange();
}
