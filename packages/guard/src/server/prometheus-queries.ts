import type { Clock, Milliseconds } from '../core/index.ts';
import type { HeadFigures, QueryRequest } from './query-protocol.ts';
import { BadParameter, durationParam, limitParam, optionalTimeParam, timeParam } from './request-params.ts';

/** Points that one series of a range query may have (web/api/v1). */
const MAX_POINTS = 11_000;

/** The earliest and latest instants that can be told apart from the ones next to them. */
const MIN_TIME: Milliseconds = Number.MIN_SAFE_INTEGER;
const MAX_TIME: Milliseconds = Number.MAX_SAFE_INTEGER;

/** The parameters of `/api/v1/query`. @throws BadParameter */
export function instantQuery(params: URLSearchParams, clock: Clock): QueryRequest {
  return {
    kind: 'instant',
    limit: limitParam(params),
    at: optionalTimeParam(params, 'time', clock.now()),
    ...lookback(params),
    expr: params.get('query') ?? '',
  };
}

/** The parameters of `/api/v1/query_range`, checked in Prometheus's order. @throws BadParameter */
export function rangeQuery(params: URLSearchParams): QueryRequest {
  const limit = limitParam(params);
  const start = timeParam(params, 'start');
  const end = timeParam(params, 'end');
  if (end < start)
    throw new BadParameter('invalid parameter "end": end timestamp must not be before start time');
  const step = durationParam(params, 'step');
  if (step === undefined)
    throw new BadParameter('invalid parameter "step": cannot parse "" to a valid duration');
  if (step <= 0)
    throw new BadParameter(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (Math.floor((end - start) / step) > MAX_POINTS)
    throw new BadParameter(
      `exceeded maximum resolution of ${MAX_POINTS.toLocaleString('en')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  return { kind: 'range', limit, start, end, step, ...lookback(params), expr: params.get('query') ?? '' };
}

/** The parameters of `/api/v1/series`. @throws BadParameter */
export function seriesQuery(params: URLSearchParams): QueryRequest {
  if (!params.has('match[]')) throw new BadParameter('no match[] parameter provided');
  return { kind: 'series', ...seriesQuestion(params) };
}

/** The parameters of `/api/v1/labels`. @throws BadParameter */
export const labelsQuery = (params: URLSearchParams): QueryRequest => ({
  kind: 'labels',
  ...seriesQuestion(params),
});

/** The parameters of `/api/v1/label/NAME/values`. @throws BadParameter */
export const labelValuesQuery = (params: URLSearchParams, name: string): QueryRequest => ({
  kind: 'label-values',
  name,
  ...seriesQuestion(params),
});

const DEFAULT_TOP = 10;
const MAX_TOP = 10_000;

/** The parameters of `/api/v1/status/tsdb`. @throws BadParameter */
export function cardinalityQuery(params: URLSearchParams, head: HeadFigures): QueryRequest {
  const text = params.get('limit') || String(DEFAULT_TOP);
  const limit = /^[-+]?\d+$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new BadParameter('limit must be a positive number');
  if (limit > MAX_TOP) throw new BadParameter(`limit must not exceed ${MAX_TOP}`);
  return { kind: 'cardinality', limit, head };
}

function seriesQuestion(params: URLSearchParams) {
  return {
    limit: limitParam(params),
    start: optionalTimeParam(params, 'start', MIN_TIME),
    end: optionalTimeParam(params, 'end', MAX_TIME),
    matches: params.getAll('match[]'),
  };
}

function lookback(params: URLSearchParams): { lookbackDelta?: Milliseconds } {
  const lookbackDelta = durationParam(params, 'lookback_delta');
  return lookbackDelta === undefined || lookbackDelta === 0 ? {} : { lookbackDelta };
}
