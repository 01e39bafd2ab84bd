import type { Milliseconds } from '../core/index.ts';
import type { ChunkRange } from './series-edits.ts';

/** Where memory and the stored chunks differ. */
export interface Unstored {
  /** Up to this instant a series is in stored chunks, but for what `changed` was told since; -Infinity at first. */
  storedUntil(id: number): Milliseconds;
  /** Chunks that begin in the range are others than those stored. */
  changed(id: number, range: ChunkRange): void;
  /** Whether `changed` was told of any series since it was stored. */
  hasChanges(): boolean;
  /** The ranges told of, ascending, those that touch as one. */
  changesOf(id: number): readonly ChunkRange[];
  /** Everything of the series up to `until` is stored now. */
  stored(id: number, until: Milliseconds): void;
  /** The series is there no more; `sequence` is the last transaction that may name it. */
  gone(id: number, sequence: number): void;
  /** Series that no transaction after `sequence` names. */
  goneUntil(sequence: number): number[];
  /** The rows of these series are dropped. */
  forget(ids: readonly number[]): void;
}

export function createUnstored(): Unstored {
  const until = new Map<number, Milliseconds>();
  const changes = new Map<number, ChunkRange[]>();
  const gone = new Map<number, number>();

  return {
    storedUntil: id => until.get(id) ?? Number.NEGATIVE_INFINITY,
    changed(id, range) {
      changes.set(id, united([...(changes.get(id) ?? []), range]));
    },
    hasChanges: () => changes.size > 0,
    changesOf: id => changes.get(id) ?? [],
    stored(id, instant) {
      until.set(id, instant);
      changes.delete(id);
    },
    gone: (id, sequence) => void gone.set(id, sequence),
    goneUntil: sequence => [...gone].filter(([, last]) => last <= sequence).map(([id]) => id),
    forget(ids) {
      for (const id of ids) {
        until.delete(id);
        changes.delete(id);
        gone.delete(id);
      }
    },
  };
}

/** Ascending, with those that overlap as one. */
function united(ranges: readonly ChunkRange[]): ChunkRange[] {
  const [first, ...rest] = ranges.toSorted((a, b) => a.from - b.from);
  const result = [first!];
  for (const range of rest) {
    const last = result.at(-1)!;
    if (range.from > last.to) result.push(range);
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return result;
}
