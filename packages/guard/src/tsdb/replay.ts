import type { Milliseconds } from '../core/index.ts';
import type { Damage } from './damage.ts';
import type { Head } from './head.ts';
import type { Replay } from './journal.ts';
import { copyValue, type SampleBatch } from './sample-batch.ts';

/** Rebuilds `head` from disk; `stored` is told up to where each series lies in chunks. */
export function createReplay(
  head: Head,
  stored: Map<number, Milliseconds>,
  onDamage: (damage: Damage) => void,
): Replay {
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

  head.begin();
  return {
    series: (id, labels) => head.addSeries(id, labels),
    chunk(series, chunk) {
      if (!view.states[series] || chunk.count < 1 || chunk.minTime <= newest.time(series)) return false;
      head.load(series, chunk);
      return true;
    },
    chunksDone() {
      head.finishLoading();
      for (const id of view.index.ids) stored.set(id, newest.time(id));
    },
    log(batch) {
      head.append(usable(batch));
    },
    logDone() {
      for (const id of strays)
        onDamage({
          kind: 'missing',
          key: `series ${id}`,
          reason: 'its labels are lost, and its samples with them',
        });
    },
  };
}
