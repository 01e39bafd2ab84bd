import type { Damage } from './damage.ts';
import { applyDeletions } from './deletion.ts';
import type { Head } from './head.ts';
import type { Replay } from './journal.ts';
import { copyValue, type SampleBatch } from './sample-batch.ts';
import type { Unstored } from './unstored.ts';

/** Rebuilds `head` from disk; `unstored` is told what the stored chunks do not hold. */
export function createReplay(head: Head, unstored: Unstored, onDamage: (damage: Damage) => void): Replay {
  const { view, newest } = head;
  const strays = new Set<number>();

  /** Samples of series that are known and in order; the others lost their series row or repeat a chunk. */
  function usable({ count, ids, timestamps, values }: SampleBatch): SampleBatch {
    const kept: number[] = [];
    let at = 0;
    const latest = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const id = ids[i]!;
      if (!view.states[id]) {
        strays.add(id);
        continue;
      }
      if (timestamps[i]! <= (latest.get(id) ?? newest.time(id))) continue;
      latest.set(id, timestamps[i]!);
      kept.push(id);
      timestamps[at] = timestamps[i]!;
      copyValue(values, i, values, at);
      at++;
    }
    return { count: at, ids: kept, timestamps, values };
  }

  /** A series that was dropped and came again has two rows until the log is cut: the later one is it. */
  function dropSuperseded(sequence: number): void {
    const superseded = view.index.ids.filter(id => head.idOf(view.index.labelsOf(id)) !== id);
    for (const id of superseded) head.trim(id, Number.POSITIVE_INFINITY);
    head.remove(superseded);
    for (const id of superseded) unstored.gone(id, sequence);
  }

  head.begin();
  return {
    series: (id, labels) => head.addSeries(id, labels),
    chunk(series, chunk) {
      if (!view.states[series] || chunk.count < 1 || chunk.maxTime < chunk.minTime) return false;
      // What was put in the place of older chunks, or before them, was written later.
      if (chunk.minTime <= newest.time(series)) return head.insert(series, chunk);
      head.load(series, chunk);
      return true;
    },
    chunksDone() {
      head.finishLoading();
      for (const id of view.index.ids) unstored.stored(id, newest.time(id));
    },
    log(batch) {
      head.append(usable(batch));
    },
    deletions(deletions, sequence) {
      const known = deletions.filter(({ series }) => view.states[series]);
      applyDeletions(head, unstored, known, sequence);
    },
    logDone(sequence) {
      dropSuperseded(sequence);
      for (const id of strays)
        onDamage({
          kind: 'missing',
          key: `series ${id}`,
          reason: 'its labels are lost, and its samples with them',
        });
    },
  };
}
