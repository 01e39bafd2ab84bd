import { compileRegexp, type Milliseconds, replaceAll } from '../../core/index.ts';
import { humanizeDuration, toLower, toNumber, toTitle, toUpper } from '../../rules/index.ts';
import {
  ANY_MAP,
  createDuration,
  createTime,
  type GoTime,
  isDuration,
  type Parameter,
  parseTime,
  safeHtml,
  safeUrl,
  type TemplateFunction,
  TIME_PARAMETER,
  takes,
  takesAny,
  withType,
} from '../../template/index.ts';
import { STRING_LIST } from './data.ts';
import { base64Decode, base64Encode, urlUnescape } from './encodings.ts';
import { goMarshal } from './go-marshal.ts';

/** What the functions reach. */
export interface FunctionContext {
  /** The instant of the attempt. */
  readonly now: Milliseconds;
  /** The label of the route, '' where it has none. */
  readonly routeLabel: (name: string) => string;
}

const ANY_LIST = { name: '[]interface {}' };
const anyList: Parameter = { name: ANY_LIST.name, isNillable: true };

function inZone(name: string, time: GoTime): GoTime {
  try {
    return createTime(time.unixNanoseconds, name === '' ? 'UTC' : name);
  } catch {
    throw new Error(`unknown time zone ${name}`);
  }
}

function dict(...values: unknown[]): unknown {
  if (values.length % 2 !== 0) throw new Error('dict requires an even number of arguments');
  const map = new Map<string, unknown>();
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i];
    if (typeof key !== 'string') throw new Error('dict keys must be strings');
    map.set(key, values[i + 1]);
  }
  return withType(map, ANY_MAP);
}

function dateOrZero(layout: string, text: string): GoTime {
  try {
    return parseTime(layout, text);
  } catch {
    return createTime(ZERO_NANOSECONDS);
  }
}
/** The beginning of the year 1. */
const ZERO_NANOSECONDS = -62_135_596_800n * 1_000_000_000n;

/** Alertmanager's functions for notification templates (template/template.go DefaultFuncs). */
export function notificationFunctions({
  now,
  routeLabel,
}: FunctionContext): ReadonlyMap<string, TemplateFunction> {
  const instant = BigInt(now) * 1_000_000n;
  const table: Record<string, TemplateFunction> = {
    toUpper: takes(['string'], toUpper),
    toLower: takes(['string'], toLower),
    title: takes(['string'], (text: string) => toTitle(text.toLowerCase())),
    trimSpace: takes(['string'], (text: string) => text.trim()),
    join: takes(['string', STRING_LIST], (separator: string, list: readonly string[] | null) =>
      (list ?? []).join(separator),
    ),
    match: takes(['string', 'string'], (pattern, text) => compileRegexp(pattern).matcher(text).find()),
    reReplaceAll: takes(['string', 'string', 'string'], (pattern, replacement, text) =>
      replaceAll(compileRegexp(pattern), text, replacement),
    ),
    safeHtml: takes(['string'], safeHtml),
    safeUrl: takes(['string'], safeUrl),
    urlUnescape: takes(['string'], urlUnescape),
    stringSlice: takesAny([], (...texts) => withType(texts, { name: '[]string' }), 'string'),
    routeLabels: takes(['string'], routeLabel),
    date: takes(['string', TIME_PARAMETER], (layout, time) => time.Format(layout)),
    tz: takes(['string', TIME_PARAMETER], inZone),
    now: takes([], () => createTime(instant)),
    since: takes([TIME_PARAMETER], (time: GoTime) => createDuration(instant - time.unixNanoseconds)),
    humanizeDuration: takes(['any'], value =>
      humanizeDuration(isDuration(value) ? Number(value.nanoseconds) / 1e9 : toNumber(value)),
    ),
    toDate: takes(['string', 'string'], dateOrZero),
    mustToDate: takes(['string', 'string'], parseTime),
    toJson: takes(['any'], goMarshal),
    base64encode: takes(['string'], base64Encode),
    base64decode: takes(['string'], base64Decode),
    list: takesAny([], (...items) => withType(items, ANY_LIST)),
    append: takesAny([anyList], (items: readonly unknown[] | null, ...more) =>
      withType([...(items ?? []), ...more], ANY_LIST),
    ),
    dict: takesAny([], dict),
  };
  return new Map(Object.entries(table));
}

/** For reading templates before there is anything to tell. */
export const NOTIFICATION_FUNCTION_NAMES: readonly string[] = [
  ...notificationFunctions({ now: 0, routeLabel: () => '' }).keys(),
];
