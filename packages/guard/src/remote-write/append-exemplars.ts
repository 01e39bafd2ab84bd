import { compareStrings, type Labels, type Milliseconds } from '../core/index.ts';
import type { Appender, ExemplarOutcome } from '../promql/storage.ts';
import { labelsOf, type SentLabel } from './series-identity.ts';
import type { SentExemplar } from './series-reader.ts';

/** What becomes of a sent exemplar; a label name given twice makes it invalid. */
export type SentExemplarOutcome = ExemplarOutcome | 'invalid' | 'out-of-bounds';

/** Oldest first, and of one instant the smaller value first (Prometheus: model/exemplar `Compare`). */
export const inOrder = (exemplars: readonly SentExemplar[]): SentExemplar[] =>
  [...exemplars].sort((a, b) => a.timestamp - b.timestamp || a.value - b.value);

export function appendExemplar(
  appender: Appender,
  series: Labels,
  { labels, value, timestamp }: SentExemplar,
  latest: Milliseconds,
): SentExemplarOutcome {
  if (timestamp > latest) return 'out-of-bounds';
  const exemplarLabels = exemplarLabelsOf(labels);
  if (!exemplarLabels) return 'invalid';
  return appender.appendExemplar(series, { labels: exemplarLabels, value, timestamp });
}

function exemplarLabelsOf(sent: readonly SentLabel[]): Labels | undefined {
  const sorted = [...sent].sort((a, b) => compareStrings(a.name, b.name));
  const isTwice = sorted.some(({ name }, index) => name === sorted[index - 1]?.name);
  return isTwice ? undefined : labelsOf(sorted);
}
