import type { Matcher, Milliseconds } from '../core/index.ts';
import { type Querier, type RunVisitor, SampleBuffer, type SeriesData } from '../promql/storage.ts';
import { readSamples, visitSamples } from './read-samples.ts';
import { timeSpan } from './series-state.ts';
import type { View } from './view.ts';

/** A querier over the version that `view` has now. `onClose` is called once, after the snapshot is given back. */
export function createQuerier(
  view: View,
  from: Milliseconds,
  to: Milliseconds,
  onClose: () => void = () => {},
): Querier {
  const snapshot = view.acquire();
  const { slabs, index } = view;
  let open = true;

  function isVisible(id: number): boolean {
    const state = snapshot.states[id];
    const span = state && timeSpan(slabs, state);
    return span !== undefined && span.min <= to && span.max >= from;
  }

  function matching(matchers: readonly Matcher[]): number[] {
    if (!open) throw new Error('BUG: the querier is closed');
    return index.select(matchers).filter(isVisible);
  }

  return {
    select(matchers): SeriesData[] {
      return index.inOrder(matching(matchers)).map(id => ({
        labels: index.labelsOf(id),
        samples: (first: Milliseconds, last: Milliseconds, into = new SampleBuffer()) =>
          readSamples(slabs, snapshot.states[id]!, first, last, into),
        visit: (first: Milliseconds, last: Milliseconds, visitor: RunVisitor) =>
          visitSamples(slabs, snapshot.states[id]!, first, last, visitor, view.scratch),
      }));
    },
    labelNames(matchers) {
      if (matchers.length === 0) return index.names(isVisible);
      const ids = new Set(matching(matchers));
      return index.names(id => ids.has(id));
    },
    labelValues(name, matchers) {
      if (matchers.length === 0) return index.values(name, isVisible);
      const ids = new Set(matching(matchers));
      return index.values(name, id => ids.has(id));
    },
    close() {
      if (!open) return;
      open = false;
      view.release(snapshot);
      onClose();
    },
  };
}
