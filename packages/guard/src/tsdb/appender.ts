import type { Clock, Labels, Milliseconds } from '../core/index.ts';
import type { Appender, AppendOutcome, Exemplar } from '../promql/storage.ts';
import type { ExemplarStore } from './exemplars.ts';
import type { Head } from './head.ts';
import type { NewSeries } from './journal.ts';
import { copyValue, type SampleBatch, SampleColumns, sameBits } from './sample-batch.ts';

/** What an appender needs of the store. */
export interface AppendContext {
  readonly head: Head;
  readonly clock: Clock;
  readonly exemplars: ExemplarStore;
  readonly limits: AppendLimits;
  /** Writes to disk, then to memory; throws when the disk refuses. */
  commit(newSeries: readonly NewSeries[], batch: SampleBatch): void;
  onRefused(outcome: Exclude<AppendOutcome, 'appended'>): void;
}

export interface AppendLimits {
  readonly retention: Milliseconds;
  /** How far ahead of the clock a sample may be. */
  readonly lead: Milliseconds;
  readonly maxSeries: number;
}

/** A series as one transaction sees it; `id` is undefined until a commit has brought it into being. */
interface Slot {
  readonly labels: Labels;
  readonly id: number | undefined;
  /** Index of its newest sample among the pending ones, or -1. */
  newest: number;
}

/** Beyond this, differences of timestamps would not be exact in a chunk. The year 37,648. */
const LARGEST_TIMESTAMP = 2 ** 50;

/** Tells which instants the store takes now. */
export function boundsCheck(
  { retention, lead }: AppendLimits,
  now: Milliseconds,
): (timestamp: number) => boolean {
  const latest = now + lead;
  const earliest = now - retention;
  return timestamp =>
    Number.isInteger(timestamp) &&
    Math.abs(timestamp) <= LARGEST_TIMESTAMP &&
    timestamp <= latest &&
    timestamp >= earliest;
}

export function createAppender(context: AppendContext): Appender {
  const { head, limits, clock } = context;
  const slots = new Map<string, Slot>();
  const owners: Slot[] = [];
  const pending = new SampleColumns();
  const exemplars: Array<readonly [Labels, Exemplar]> = [];
  const startVersion = head.view.version;
  const isInBounds = boundsCheck(limits, clock.now());
  let newSeriesCount = 0;
  let finished = false;

  function slotOf(labels: Labels): Slot | undefined {
    const known = slots.get(labels.key);
    if (known) return known;
    const id = head.idOf(labels);
    if (id === undefined) {
      if (head.view.index.size + newSeriesCount >= limits.maxSeries) return undefined;
      newSeriesCount++;
    }
    const slot: Slot = { labels, id, newest: -1 };
    slots.set(labels.key, slot);
    return slot;
  }

  /** Judges the sample that was pushed last. */
  function verdict(slot: Slot): AppendOutcome {
    const index = pending.count - 1;
    const timestamp = pending.timestamps[index]!;
    const { values } = pending;
    const { newest, id } = slot;
    if (newest >= 0)
      return order(timestamp, pending.timestamps[newest]!, () => sameBits(values, newest, values, index));
    if (id === undefined) return 'appended';
    return order(timestamp, head.newest.time(id), () => head.newest.hasValue(id, values, index));
  }

  function finishAppend(labels: Labels): AppendOutcome {
    const outcome = judge(labels);
    if (outcome !== 'appended') {
      pending.pop();
      context.onRefused(outcome);
    }
    return outcome;
  }

  function judge(labels: Labels): AppendOutcome {
    if (!isInBounds(pending.timestamps[pending.count - 1]!)) return 'out-of-bounds';
    const slot = slotOf(labels);
    if (!slot) return 'series-limit';
    const outcome = verdict(slot);
    if (outcome === 'appended') {
      slot.newest = pending.count - 1;
      owners.push(slot);
    }
    return outcome;
  }

  /**
   * What is still in order: since this transaction began, others may have committed newer samples, and maintenance
   * may have dropped series.
   */
  function batchToCommit(): { newSeries: NewSeries[]; batch: SampleBatch } {
    const newSeries: NewSeries[] = [];
    const created = new Map<Slot, number>();
    const ids: number[] = [];
    let kept = 0;
    const overtaken = head.view.version !== startVersion;
    for (const [index, slot] of owners.entries()) {
      const existing = created.get(slot) ?? (overtaken ? head.idOf(slot.labels) : slot.id);
      const timestamp = pending.timestamps[index]!;
      if (overtaken && existing !== undefined && timestamp <= head.newest.time(existing)) {
        context.onRefused('out-of-order');
        continue;
      }
      const id = existing ?? head.nextId() + newSeries.length;
      if (existing === undefined) {
        created.set(slot, id);
        newSeries.push({ id, labels: slot.labels });
      }
      ids.push(id);
      pending.timestamps[kept] = timestamp;
      copyValue(pending.values, index, pending.values, kept);
      kept++;
    }
    return { newSeries, batch: { count: kept, ids, timestamps: pending.timestamps, values: pending.values } };
  }

  function finish(): void {
    if (finished) throw new Error('BUG: the appender was committed or rolled back before');
    finished = true;
  }

  return {
    append(labels, timestamp, value) {
      pending.push(timestamp, value);
      return finishAppend(labels);
    },
    appendStale(labels, timestamp) {
      pending.pushStale(timestamp);
      return finishAppend(labels);
    },
    appendExemplar(labels, exemplar) {
      const outcome = context.exemplars.judge(labels, exemplar);
      if (outcome === 'appended') exemplars.push([labels, exemplar]);
      return outcome;
    },
    commit() {
      finish();
      const { newSeries, batch } = batchToCommit();
      if (batch.count > 0) context.commit(newSeries, batch);
      for (const [labels, exemplar] of exemplars) context.exemplars.add(labels, exemplar);
    },
    rollback: finish,
  };
}

function order(timestamp: number, newest: number, isSame: () => boolean): AppendOutcome {
  if (timestamp > newest) return 'appended';
  if (timestamp < newest) return 'out-of-order';
  return isSame() ? 'duplicate' : 'duplicate-other-value';
}
