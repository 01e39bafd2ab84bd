import { compareStrings, type Labels, type Matcher } from '../core/index.ts';
import type { Querier, Queryable } from '../promql/index.ts';
import type { SeriesQuestion } from './query-protocol.ts';
import { matcherSetsOf } from './selectors.ts';

/**
 * Series that have samples in the range and are met by one of the selectors, each once; one more than the limit at
 * most. @throws BadParameter
 */
export function seriesOf(storage: Queryable, question: SeriesQuestion): Labels[] {
  const { start, end, matches, limit } = question;
  const sets = matcherSetsOf(matches, 'invalid parameter "match[]": ');
  return withQuerier(storage, question, querier => {
    const found = new Map<string, Labels>();
    for (const series of sets.flatMap(matchers => querier.select(matchers))) {
      const { labels } = series;
      if (found.has(labels.key)) continue;
      const samples = series.samples(start, end);
      if (samples.end > samples.start) found.set(labels.key, labels);
      if (limit > 0 && found.size > limit) break;
    }
    return [...found.values()];
  });
}

/** Names of labels. @throws BadParameter */
export const labelNamesOf = (storage: Queryable, question: SeriesQuestion): string[] =>
  namesOf(storage, question, (querier, matchers) => querier.labelNames(matchers));

/** Values of a label. @throws BadParameter */
export const labelValuesOf = (storage: Queryable, name: string, question: SeriesQuestion): string[] =>
  namesOf(storage, question, (querier, matchers) => querier.labelValues(name, matchers));

function namesOf(
  storage: Queryable,
  question: SeriesQuestion,
  list: (querier: Querier, matchers: readonly Matcher[]) => string[],
): string[] {
  const sets = matcherSetsOf(question.matches);
  return withQuerier(storage, question, querier => [
    ...new Set((sets.length === 0 ? [[]] : sets).flatMap(matchers => list(querier, matchers))),
  ]).sort(compareStrings);
}

/** Gives `use` a querier that is closed afterwards. */
export function withQuerier<T>(
  storage: Queryable,
  { start, end }: { readonly start: number; readonly end: number },
  use: (querier: Querier) => T,
): T {
  const querier = storage.querier(start, end);
  try {
    return use(querier);
  } finally {
    querier.close();
  }
}
