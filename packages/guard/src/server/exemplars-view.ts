import type { Matcher, Milliseconds } from '../core/index.ts';
import type { Exemplar } from '../promql/index.ts';
import type { Store } from '../tsdb/index.ts';
import { BadParameter } from './api-error.ts';
import { sampleText } from './query-json.ts';
import { MAX_TIME, MIN_TIME, optionalTimeParam, type RequestParams } from './request-params.ts';

/** The range of `/api/v1/query_exemplars`. @throws BadParameter */
export function exemplarRange(params: RequestParams): { from: Milliseconds; to: Milliseconds } {
  const from = optionalTimeParam(params, 'start', MIN_TIME);
  const to = optionalTimeParam(params, 'end', MAX_TIME);
  if (to < from) throw new BadParameter('end timestamp must not be before start timestamp');
  return { from, to };
}

/** The `data` of `/api/v1/query_exemplars` for the selectors of its expression; undefined where it has none. */
export function exemplarsData(
  store: Store,
  selectors: ReadonlyArray<readonly Matcher[]>,
  { from, to }: { readonly from: Milliseconds; readonly to: Milliseconds },
) {
  if (selectors.length === 0) return undefined;
  return store.exemplars(selectors, from, to).map(({ labels, exemplars }) => ({
    seriesLabels: labels.toObject(),
    exemplars: exemplars.map(exemplarView),
  }));
}

const exemplarView = ({ labels, value, timestamp }: Exemplar) => ({
  labels: labels.toObject(),
  value: sampleText(value),
  timestamp: timestamp / 1000,
});
