import { type Labels, type Matcher, UserError } from '../core/index.ts';
import { parseExpr, type Querier, type Queryable } from '../promql/index.ts';
import type { SeriesQuestion } from './query-protocol.ts';
import { BadParameter } from './request-params.ts';

/** Series that have samples in the range and are met by one of the selectors, each once. @throws BadParameter */
export function seriesOf(storage: Queryable, question: SeriesQuestion): Labels[] {
  const { start, end, matches } = question;
  const sets = matcherSetsOf(matches, 'invalid parameter "match[]": ');
  return withQuerier(storage, question, querier => {
    const found = new Map<string, Labels>();
    for (const series of sets.flatMap(matchers => querier.select(matchers))) {
      const { labels } = series;
      if (found.has(labels.key)) continue;
      const samples = series.samples(start, end);
      if (samples.end > samples.start) found.set(labels.key, labels);
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
  ]).sort();
}

function withQuerier<T>(
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

/** The matchers of series selectors, each of which refuses the empty series. @throws BadParameter */
export const matcherSetsOf = (selectors: readonly string[], prefix = ''): Array<readonly Matcher[]> =>
  selectors.map(selector => matchersOf(selector, prefix));

function matchersOf(selector: string, prefix: string): readonly Matcher[] {
  try {
    const expr = parseExpr(selector);
    if (expr.type === 'vector') return expr.matchers;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new BadParameter(prefix + error.message);
  }
  throw new BadParameter(`${prefix}${JSON.stringify(selector)} is not a series selector`);
}
