import type { Matcher, Milliseconds } from '../core/index.ts';
import type { Exemplar } from '../promql/index.ts';
import type { SeriesExemplars, Store } from '../tsdb/index.ts';
import { BadParameter } from './api-error.ts';
import { labelsText, listText, sampleText, type TextPieces } from './query-json.ts';
import { MAX_TIME, MIN_TIME, optionalTimeParam, type RequestParams } from './request-params.ts';

/** The range of `/api/v1/query_exemplars`. @throws BadParameter */
export function exemplarRange(params: RequestParams): { from: Milliseconds; to: Milliseconds } {
  const from = optionalTimeParam(params, 'start', MIN_TIME);
  const to = optionalTimeParam(params, 'end', MAX_TIME);
  if (to < from) throw new BadParameter('end timestamp must not be before start timestamp');
  return { from, to };
}

/** The answer of `/api/v1/query_exemplars` for the selectors of its expression; undefined where it has none. */
export function exemplarsText(
  store: Store,
  selectors: ReadonlyArray<readonly Matcher[]>,
  { from, to }: { readonly from: Milliseconds; readonly to: Milliseconds },
): TextPieces | undefined {
  if (selectors.length === 0) return undefined;
  const found = store.exemplars(selectors.map(cheapestFirst), from, to);
  return listText(found.values().map(seriesText), []);
}

/** A regular expression costs some hundred times what a comparison does, and this runs beside the rules. */
const cheapestFirst = (matchers: readonly Matcher[]): Matcher[] =>
  matchers.toSorted((a, b) => Number(isRegexp(a)) - Number(isRegexp(b)));

const isRegexp = ({ operator }: Matcher) => operator === '=~' || operator === '!~';

const seriesText = ({ labels, exemplars }: SeriesExemplars) =>
  `{"seriesLabels":${labelsText(labels)},"exemplars":[${exemplars.map(exemplarText).join(',')}]}`;

const exemplarText = ({ labels, value, timestamp }: Exemplar) =>
  `{"labels":${labelsText(labels)},"value":"${sampleText(value)}","timestamp":${timestamp / 1000}}`;
