import { UserError } from '../core/index.ts';
import { MAX_SEARCH_LIMIT, type TraceQuery } from '../traces/index.ts';

/** A parsed query string. */
export type Parameters = Readonly<Record<string, string | string[] | undefined>>;

const DEFAULT_LIMIT = 100;

export const badParameter = (name: string, reason: string): UserError =>
  new UserError('jaeger-bad-parameter', `unable to parse param '${name}': ${reason}`);

/** The first value given under any of the names; an empty one is as good as none. */
export function first(parameters: Parameters, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = parameters[name];
    const text = Array.isArray(value) ? value[0] : value;
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

function every(parameters: Parameters, name: string): string[] {
  const value = parameters[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

export function required(parameters: Parameters, ...names: string[]): string {
  const value = first(parameters, ...names);
  if (value === undefined) throw new UserError('jaeger-bad-parameter', `parameter '${names[0]}' is required`);
  return value;
}

/** Applies a reader to a parameter where it is given. */
function given<T>(
  parameters: Parameters,
  names: readonly string[],
  read: (name: string, text: string) => T,
): T | undefined {
  const value = first(parameters, ...names);
  return value === undefined ? undefined : read(names[0]!, value);
}

function integer(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d{1,17}$/.test(text) || !Number.isSafeInteger(value))
    throw badParameter(name, `${JSON.stringify(text)} is not a whole number`);
  return value;
}

function limit(name: string, text: string): number {
  const value = integer(name, text);
  if (value < 1 || value > MAX_SEARCH_LIMIT)
    throw badParameter(name, `must be 1 to ${MAX_SEARCH_LIMIT}, is ${value}`);
  return value;
}

/** Microseconds a unit of Go's time.ParseDuration. */
const GO_UNITS: Readonly<Record<string, number>> = {
  ns: 0.001,
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1000,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
};

/** A duration as Go writes it (`1.5s`, `100ms`, `1m30s`), in microseconds. */
function goDuration(name: string, text: string): number {
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const whole = parts.map(([part]) => part).join('');
  if (text !== '0' && (parts.length === 0 || whole !== text))
    throw badParameter(name, `${JSON.stringify(text)} is not a duration such as 100ms or 1.5s`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * GO_UNITS[unit!]!, 0);
}

/** RFC 3339 with up to nine digits of fractions, in microseconds. */
function rfc3339(name: string, text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/.exec(text);
  const wholeSeconds = match ? Date.parse(`${match[1]}${match[3]}`.toUpperCase()) : Number.NaN;
  if (Number.isNaN(wholeSeconds)) throw badParameter(name, `${JSON.stringify(text)} is not an RFC 3339 time`);
  return wholeSeconds * 1000 + Math.floor(Number(match![2] ?? 0) * 1e6);
}

/** A JSON object of strings. */
function tagMap(name: string, text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badParameter(name, 'not JSON; expected a map such as {"http.status_code":"500"}');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badParameter(name, 'expected a JSON object of strings');
  for (const item of Object.values(value))
    if (typeof item !== 'string') throw badParameter(name, 'values must be strings');
  return value as Record<string, string>;
}

/** Repeated `tag=key:value` and `tags={"key":"value"}`. */
function legacyTags(parameters: Parameters): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const pair of every(parameters, 'tag')) {
    const colon = pair.indexOf(':');
    if (colon < 1) throw badParameter('tag', `${JSON.stringify(pair)} is not key:value`);
    tags[pair.slice(0, colon)] = pair.slice(colon + 1);
  }
  for (const map of every(parameters, 'tags')) Object.assign(tags, tagMap('tags', map));
  return tags;
}

type Drawn = { [K in keyof TraceQuery]: TraceQuery[K] | undefined };

/** Leaves out what is not given and checks what must fit together. */
function query(drawn: Drawn, durations: readonly [least: string, most: string]): TraceQuery {
  const { minDurationMicros: least, maxDurationMicros: most } = drawn;
  if (least !== undefined && most !== undefined && most < least)
    throw badParameter(durations[1], `must not be less than '${durations[0]}'`);
  const given = Object.entries(drawn).filter(([, value]) => value !== undefined);
  return { limit: DEFAULT_LIMIT, ...Object.fromEntries(given) };
}

/** The parameters of the legacy `/api/traces`: times in Unix microseconds, durations as Go writes them. */
export function legacyQuery(parameters: Parameters): TraceQuery {
  return query(
    {
      service: required(parameters, 'service'),
      operation: first(parameters, 'operation'),
      tags: legacyTags(parameters),
      minDurationMicros: given(parameters, ['minDuration'], goDuration),
      maxDurationMicros: given(parameters, ['maxDuration'], goDuration),
      startMicros: given(parameters, ['start'], integer),
      endMicros: given(parameters, ['end'], integer),
      limit: given(parameters, ['limit'], limit),
    },
    ['minDuration', 'maxDuration'],
  );
}

/** Names of a v3 parameter: camelCase in Jaeger 2.20, snake_case before. */
const v3 = (camel: string, snake: string) => [`query.${camel}`, `query.${snake}`];

/** The parameters of `/api/v3/traces`: times in RFC 3339, both of which are required. */
export function v3Query(parameters: Parameters): TraceQuery {
  const startNames = v3('startTimeMin', 'start_time_min');
  const endNames = v3('startTimeMax', 'start_time_max');
  return query(
    {
      service: first(parameters, ...v3('serviceName', 'service_name')),
      operation: first(parameters, ...v3('operationName', 'operation_name')),
      tags: given(parameters, ['query.attributes'], tagMap),
      minDurationMicros: given(parameters, v3('durationMin', 'duration_min'), goDuration),
      maxDurationMicros: given(parameters, v3('durationMax', 'duration_max'), goDuration),
      startMicros: rfc3339(startNames[0]!, required(parameters, ...startNames)),
      endMicros: rfc3339(endNames[0]!, required(parameters, ...endNames)),
      limit: given(
        parameters,
        [...v3('searchDepth', 'search_depth'), ...v3('numTraces', 'num_traces')],
        limit,
      ),
    },
    ['query.durationMin', 'query.durationMax'],
  );
}

/** 1 to 32 hexadecimal digits, as clients shorten them; zero-padded. */
export function traceId(name: string, text: string): string {
  if (!/^[\da-f]{1,32}$/i.test(text) || /^0+$/.test(text))
    throw badParameter(
      name,
      `${JSON.stringify(text.slice(0, 40))} is not a trace id of up to 32 hexadecimal digits`,
    );
  return text.toLowerCase().padStart(32, '0');
}

/** Ids given with `traceID`, which asks for these traces instead of a search. */
export const traceIds = (parameters: Parameters): string[] =>
  every(parameters, 'traceID').map(text => traceId('traceID', text));
