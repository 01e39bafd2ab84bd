import { type Labels, UserError } from '../core/index.ts';
import { type AppendOutcome, SampleBuffer } from '../promql/storage.ts';
import { type AppendLimits, boundsCheck } from './appender.ts';
import { type BackfillBatch, type Existing, type Run, runsOf } from './backfill-runs.ts';
import { insertRuns, type SeriesRuns } from './insert-runs.ts';
import type { Maintenance } from './maintenance.ts';
import { readSamples } from './read-samples.ts';
import type { StoreParts } from './store-parts.ts';

export interface BackfillContext {
  readonly maintenance: Maintenance;
  readonly limits: AppendLimits;
  onStored(samples: number, newSeries: number): void;
  onRefused(outcome: Exclude<AppendOutcome, 'appended'>): void;
}

/** The samples of one series in a batch. */
interface Group {
  readonly labels: Labels;
  readonly indices: number[];
}

/** Some 10 ms of encoding. */
const SAMPLES_A_SLICE = 200_000;

/** Puts samples in wherever they fit, as a job; see `Store.backfill`. */
export async function backfill(
  parts: StoreParts,
  context: BackfillContext,
  batch: BackfillBatch,
): Promise<AppendOutcome[]> {
  const outcomes: AppendOutcome[] = [];
  for (const groups of slicesOf(groupsOf(batch))) {
    await settle(parts, context.maintenance);
    insertSlice(parts, context, batch, groups, outcomes);
    await parts.jobs.pause();
  }
  for (const outcome of outcomes) if (outcome !== 'appended') context.onRefused(outcome);
  return outcomes;
}

function groupsOf({ series }: BackfillBatch): Group[] {
  const groups = new Map<string, Group>();
  for (const [index, labels] of series.entries()) {
    const group = groups.get(labels.key);
    if (group) group.indices.push(index);
    else groups.set(labels.key, { labels, indices: [index] });
  }
  return [...groups.values()];
}

function* slicesOf(groups: readonly Group[]): Generator<readonly Group[]> {
  let slice: Group[] = [];
  let samples = 0;
  for (const group of groups) {
    slice.push(group);
    samples += group.indices.length;
    if (samples < SAMPLES_A_SLICE) continue;
    yield slice;
    slice = [];
    samples = 0;
  }
  if (slice.length > 0) yield slice;
}

/**
 * What is put in goes into stored chunks straight away, past the log. So what the log says of older samples, deletions
 * above all, and what the stored chunks do not know yet, must be stored first.
 */
async function settle({ journal, unstored }: StoreParts, maintenance: Maintenance): Promise<void> {
  if (!journal.hasDeletions() && !unstored.hasChanges()) return;
  if (await maintenance.pass(true)) return;
  throw new UserError('store-read-only', 'the sample store cannot be written', {
    remedy: 'free disk space or make the data directory writable, and try again',
  });
}

function insertSlice(
  parts: StoreParts,
  { limits, onStored }: BackfillContext,
  batch: BackfillBatch,
  groups: readonly Group[],
  outcomes: AppendOutcome[],
): void {
  const { head, clock } = parts;
  const isInBounds = boundsCheck(limits, clock.now());
  const entries: SeriesRuns[] = [];
  let added = 0;
  for (const { labels, indices } of groups) {
    const inBounds = indices.filter(index => {
      const takes = isInBounds(batch.timestamps[index]!);
      if (!takes) outcomes[index] = 'out-of-bounds';
      return takes;
    });
    const id = head.idOf(labels);
    if (id === undefined && head.view.index.size + added >= limits.maxSeries) {
      for (const index of inBounds) outcomes[index] = 'series-limit';
      continue;
    }
    const runs = runsOf(batch, inBounds, existing(parts, id), outcomes);
    if (runs.length === 0) continue;
    entries.push({ id: id ?? head.nextId() + added, labels, isNew: id === undefined, runs });
    if (id === undefined) added++;
  }
  insertRuns(parts, entries);
  onStored(
    entries.reduce((sum, { runs }) => sum + samplesIn(runs), 0),
    added,
  );
}

const samplesIn = (runs: readonly Run[]) => runs.reduce((sum, { count }) => sum + count, 0);

const existing = ({ head }: StoreParts, id: number | undefined): Existing => ({
  span: id === undefined ? undefined : head.span(id),
  samples: (from, to) => readSamples(head.view.slabs, head.view.states[id!]!, from, to, new SampleBuffer()),
});
