import type { Milliseconds } from '../core/index.ts';
import type { Replacement } from './journal.ts';
import type { StoreParts } from './store-parts.ts';

export interface PassOptions {
  /** Chunks that ended before are dropped. */
  readonly cutoff: Milliseconds;
  /** A series that got nothing since has ended as far as its open columns are concerned. */
  readonly idleSince: Milliseconds;
  /** Whether what no stored chunk holds is written, and the log cut. */
  readonly stores: boolean;
  /** Called once when chunks were dropped. */
  onDropped(): void;
}

/** A walk over all series: drops what is too old, compresses, joins, stores. In slices, with anything between them. */
export interface Pass {
  readonly stores: boolean;
  /** The next slice; true when it was the last one. @throws UserError `store-read-only`, which ends the pass. */
  step(): boolean;
}

/** A slice ends with the series that exceeds this: with its synchronisation it delays a page by some 20 ms. */
const SLICE: Milliseconds = 10;

export function createPass(parts: StoreParts, options: PassOptions): Pass {
  const { head, journal, unstored, clock } = parts;
  const ids = head.view.index.ids.slice();
  const mark = journal.mark();
  let at = 0;
  let hasDropped = false;

  /** True when nothing is left of the series. */
  function tidy(id: number): boolean {
    const trimmed = head.trim(id, options.cutoff);
    hasDropped ||= trimmed !== undefined;
    const span = head.span(id);
    if (!span || span.max < options.cutoff) return true;
    if (trimmed) unstored.changed(id, trimmed);
    head.sealIdle(id, options.idleSince);
    const since = head.join(id);
    if (since !== undefined) unstored.changed(id, { from: since, to: Number.POSITIVE_INFINITY });
    return false;
  }

  function* slice(written: number[], gone: number[]): Generator<Replacement> {
    const end = clock.monotonic() + SLICE;
    while (at < ids.length && clock.monotonic() < end) {
      const id = ids[at++]!;
      if (!head.view.states[id]) continue;
      if (tidy(id)) {
        gone.push(id);
        continue;
      }
      if (!options.stores) continue;
      yield* replacementsOf(parts, id);
      written.push(id);
    }
  }

  function visitSlice(): void {
    const written: number[] = [];
    const gone: number[] = [];
    head.begin();
    try {
      journal.replace([], slice(written, gone));
    } finally {
      head.remove(gone);
      for (const id of gone) unstored.gone(id, journal.mark().sequence);
      parts.onChange();
      if (gone.length > 0) parts.onGone(gone);
    }
    for (const id of written) unstored.stored(id, head.newest.time(id));
  }

  return {
    stores: options.stores,
    step() {
      if (at < ids.length) visitSlice();
      if (at < ids.length) return false;
      if (hasDropped) options.onDropped();
      if (!options.stores) return true;
      const gone = unstored.goneUntil(mark.sequence);
      journal.cut(mark, gone);
      unstored.forget(gone);
      return true;
    },
  };
}

/** What storing all of a series takes. */
export function* replacementsOf({ head, unstored }: StoreParts, id: number): Generator<Replacement> {
  const begins = head.firstStartSince(id, unstored.storedUntil(id));
  if (begins !== undefined) unstored.changed(id, { from: begins, to: Number.POSITIVE_INFINITY });
  for (const { from, to } of unstored.changesOf(id))
    yield { series: id, from, to, chunks: head.chunksWithin(id, from, to) };
}
