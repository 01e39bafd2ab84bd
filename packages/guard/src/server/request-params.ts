import { goQuote, type Milliseconds } from '../core/index.ts';
import { BadParameter } from './api-error.ts';
import { goDurationText, readDuration } from './go-duration.ts';
import { isUnreadable, readGoFloat, readGoInteger } from './go-numbers.ts';
import { type QueryString, readQueryString } from './go-query-string.ts';
import { readRfc3339 } from './go-time.ts';

/** Prometheus's words for a parameter that does not do (web/api/v1 `invalidParamError`). */
export const invalidParameter = (name: string, message: string): BadParameter =>
  new BadParameter(`invalid parameter ${goQuote(name)}: ${message}`);

/** The parameters of one request, as Go's net/http gives them to Prometheus. */
export interface RequestParams {
  /** The first value, the body's before the URL's; '' where there is none. */
  value(name: string): string;
  /** All values, the body's before the URL's. */
  values(name: string): readonly string[];
  /** The first value in the URL; '' where there is none. */
  urlValue(name: string): string;
  /** The first thing that could not be read. Most endpoints go on without it; `requireReadable` does not. */
  readonly error: string | undefined;
}

const NOTHING: QueryString = { pairs: [], error: undefined };

/** Parameters of a URL's query string and of a form body. */
export function createParams(query: string, body: QueryString = NOTHING): RequestParams {
  const url = query === '' ? NOTHING : readQueryString(query);
  const pairs = body.pairs.length === 0 ? url.pairs : [...body.pairs, ...url.pairs];
  return {
    value: name => firstValue(pairs, name),
    values: name => pairs.filter(([key]) => key === name).map(([, value]) => value),
    urlValue: name => firstValue(url.pairs, name),
    error: body.error ?? url.error,
  };
}

const firstValue = (pairs: QueryString['pairs'], name: string): string =>
  pairs.find(([key]) => key === name)?.[1] ?? '';

/** For endpoints that refuse parameters of which a part cannot be read. @throws BadParameter */
export function requireReadable({ error }: RequestParams): void {
  if (error !== undefined) throw new BadParameter(`error parsing form values: ${error}`);
}

/** Prometheus's bounds of time as its clients send them; beyond what numbers tell apart here. */
const FIRST_INSTANT = '-292273086-05-16T16:47:06Z';
const LAST_INSTANT = '292277025-08-18T07:12:54.999999999Z';

/** The earliest and the latest instant that can be told apart from the ones next to it. */
export const MIN_TIME: Milliseconds = Number.MIN_SAFE_INTEGER;
export const MAX_TIME: Milliseconds = Number.MAX_SAFE_INTEGER;

/** An instant as RFC 3339 or Unix seconds. @throws BadParameter */
export function timeParam(params: RequestParams, name: string): Milliseconds {
  const text = params.value(name);
  const at = readInstant(text);
  if (at === undefined) throw invalidParameter(name, `cannot parse ${goQuote(text)} to a valid timestamp`);
  return at;
}

/** As `timeParam`, with a value for when it is left out. @throws BadParameter */
export function optionalTimeParam(params: RequestParams, name: string, fallback: Milliseconds): Milliseconds {
  const text = params.value(name);
  if (text === '') return fallback;
  const at = readInstant(text);
  if (at !== undefined) return at;
  throw invalidParameter(
    name,
    `invalid time value for '${name}': cannot parse ${goQuote(text)} to a valid timestamp`,
  );
}

function readInstant(text: string): Milliseconds | undefined {
  const seconds = readGoFloat(text);
  if (seconds !== undefined) return Number.isFinite(seconds) ? fromSeconds(seconds) : undefined;
  if (text === FIRST_INSTANT) return MIN_TIME;
  if (text === LAST_INSTANT) return MAX_TIME;
  return readRfc3339(text);
}

/** Rounds the fraction to milliseconds and then cuts, as web/api/v1 `parseTime` and the engine do. */
function fromSeconds(seconds: number): Milliseconds {
  const whole = Math.trunc(seconds);
  const fraction = seconds - whole;
  const rounded = (Math.sign(fraction) * Math.round(Math.abs(fraction) * 1000)) / 1000;
  const at = whole * 1000 + Math.floor(Math.trunc(rounded * 1e9) / 1e6);
  return Math.min(MAX_TIME, Math.max(MIN_TIME, at));
}

/** A duration as seconds or as in `5m`; undefined where it is left out. @throws BadParameter */
export function durationParam(params: RequestParams, name: string): Milliseconds | undefined {
  const text = params.value(name);
  return text === '' ? undefined : requiredDuration(text, message => invalidParameter(name, message));
}

/** @throws what `refuse` makes of Prometheus's message */
export function requiredDuration(text: string, refuse: (message: string) => Error): Milliseconds {
  const duration = readDuration(text);
  if (isUnreadable(duration)) throw refuse(duration.error);
  return duration;
}

/** The time that a request allows itself; undefined where it says nothing. @throws BadParameter */
export function timeoutParam(params: RequestParams): Milliseconds | undefined {
  const timeout = durationParam(params, 'timeout');
  if (timeout !== undefined && timeout <= 0)
    throw invalidParameter('timeout', `timeout must be positive, got ${goDurationText(timeout)}`);
  return timeout;
}

/** A whole number that is not negative; 0, which is no limit, where it is left out. @throws BadParameter */
export function limitParam(params: RequestParams): number {
  const text = params.value('limit');
  if (text === '') return 0;
  const limit = readGoInteger(text, 'Atoi', 64);
  if (isUnreadable(limit)) throw invalidParameter('limit', limit.error);
  if (limit < 0) throw invalidParameter('limit', 'limit must be non-negative');
  return limit;
}
