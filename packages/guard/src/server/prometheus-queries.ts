import type { Clock, Milliseconds } from '../core/index.ts';
import { BadParameter } from './api-error.ts';
import { isUnreadable, readGoBoolean, readGoInteger } from './go-numbers.ts';
import { unescapeName } from './name-escaping.ts';
import type { HeadFigures, QueryRequest } from './query-protocol.ts';
import {
  invalidParameter,
  limitParam,
  MAX_TIME,
  MIN_TIME,
  optionalTimeParam,
  type RequestParams,
  requiredDuration,
  requireReadable,
  timeoutParam,
  timeParam,
} from './request-params.ts';

/** What is asked of a worker, and for how long at most where the request says so. */
export interface TimedQuery {
  readonly request: QueryRequest;
  readonly timeout?: Milliseconds;
}

/** A request's headers, by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Points that one series of a range query may have (web/api/v1). */
const MAX_POINTS = 11_000;

/** The parameters of `/api/v1/query`, checked in Prometheus's order. @throws BadParameter */
export function instantQuery(params: RequestParams, headers: RequestHeaders, clock: Clock): TimedQuery {
  const limit = limitParam(params);
  const at = optionalTimeParam(params, 'time', clock.now());
  const timeout = timeoutParam(params);
  const options = queryOptions(params, headers);
  return {
    request: { kind: 'instant', limit, at, ...options, expr: params.value('query') },
    ...(timeout !== undefined && { timeout }),
  };
}

/** The parameters of `/api/v1/query_range`, checked in Prometheus's order. @throws BadParameter */
export function rangeQuery(params: RequestParams, headers: RequestHeaders): TimedQuery {
  const limit = limitParam(params);
  const start = timeParam(params, 'start');
  const end = timeParam(params, 'end');
  if (end < start) throw invalidParameter('end', 'end timestamp must not be before start time');
  const step = stepParam(params);
  if (Math.floor((end - start) / step) > MAX_POINTS)
    throw new BadParameter(
      `exceeded maximum resolution of ${MAX_POINTS.toLocaleString('en')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  const timeout = timeoutParam(params);
  const options = queryOptions(params, headers);
  return {
    request: { kind: 'range', limit, start, end, step, ...options, expr: params.value('query') },
    ...(timeout !== undefined && { timeout }),
  };
}

function stepParam(params: RequestParams): Milliseconds {
  const step = requiredDuration(params.value('step'), message => invalidParameter('step', message));
  if (step <= 0)
    throw invalidParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (step < 1) throw invalidParameter('step', 'steps shorter than a millisecond are not accepted');
  return Math.trunc(step);
}

function queryOptions(
  params: RequestParams,
  headers: RequestHeaders,
): { lookbackDelta?: Milliseconds; stats: string } {
  const text = params.value('lookback_delta');
  const lookbackDelta =
    text === ''
      ? 0
      : requiredDuration(
          text,
          message => new BadParameter(`error parsing lookback delta duration: ${message}`),
        );
  checkStartTimestampsHeader(headers['x-prometheus-use-start-timestamps']);
  return { stats: params.value('stats'), ...(lookbackDelta > 0 && { lookbackDelta }) };
}

/** The header switches a feature that is off unless its flag is given; what it says must be readable all the same. */
function checkStartTimestampsHeader(header: string | readonly string[] | undefined): void {
  const text = [header ?? ''].flat()[0] ?? '';
  if (text === '') return;
  const wanted = readGoBoolean(text);
  if (isUnreadable(wanted))
    throw new BadParameter(`error parsing X-Prometheus-Use-Start-Timestamps header: ${wanted.error}`);
}

/** The parameters of `/api/v1/series`. @throws BadParameter */
export function seriesQuery(params: RequestParams): QueryRequest {
  requireReadable(params);
  if (params.values('match[]').length === 0) throw new BadParameter('no match[] parameter provided');
  return { kind: 'series', ...seriesQuestion(params) };
}

/** The parameters of `/api/v1/labels`. @throws BadParameter */
export const labelsQuery = (params: RequestParams): QueryRequest => ({
  kind: 'labels',
  ...seriesQuestion(params),
});

/** The parameters of `/api/v1/label/NAME/values`. @throws BadParameter */
export function labelValuesQuery(params: RequestParams, escapedName: string): QueryRequest {
  const name = unescapeName(escapedName);
  if (name === '') throw new BadParameter('invalid label name: ""');
  return { kind: 'label-values', name, ...seriesQuestion(params) };
}

const DEFAULT_TOP = 10;
const MAX_TOP = 10_000;

/** The parameters of `/api/v1/status/tsdb`. @throws BadParameter */
export function cardinalityQuery(params: RequestParams, head: HeadFigures): QueryRequest {
  const limit = readGoInteger(params.value('limit') || String(DEFAULT_TOP), 'Atoi', 64);
  if (isUnreadable(limit) || limit < 1) throw new BadParameter('limit must be a positive number');
  if (limit > MAX_TOP) throw new BadParameter(`limit must not exceed ${MAX_TOP}`);
  return { kind: 'cardinality', limit, head };
}

function seriesQuestion(params: RequestParams) {
  return {
    limit: limitParam(params),
    start: optionalTimeParam(params, 'start', MIN_TIME),
    end: optionalTimeParam(params, 'end', MAX_TIME),
    matches: params.values('match[]'),
  };
}
