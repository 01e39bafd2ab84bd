import { asNanoseconds, createDuration, isDuration } from './go-duration.ts';
import { type Parameter, takes } from './signature.ts';
import { formatTime, MONTHS, type TimeParts, WEEKDAYS } from './time-layout.ts';
import { zoneTimeOf } from './time-zone.ts';
import { type GoStringer, type GoType, withType } from './values.ts';

export const TIME: GoType = { name: 'time.Time', isPointer: true };

const SECOND = 1_000_000_000n;
/** What Go calls the zero time: the beginning of the year 1. */
const ZERO_SECONDS = -62_135_596_800n;

/** A parameter that takes a time alone. */
export const TIME_PARAMETER: Parameter = { name: TIME.name, isNillable: false };

/** Go's time.Time, an instant and a zone, with the methods that templates can call. */
export interface GoTime extends GoStringer {
  /** Since 1970, which may lie before it. */
  readonly unixNanoseconds: bigint;
}

export const isGoTime = (value: unknown): value is GoTime =>
  typeof value === 'object' && value !== null && 'unixNanoseconds' in value;

/** @param zone an IANA name; `UTC` by default. @throws RangeError for a zone that does not exist */
export function createTime(unixNanoseconds: bigint, zone = 'UTC'): GoTime {
  const parts = partsOf(unixNanoseconds, zone);
  const again = (at: bigint) => createTime(at, zone);
  const format = (layout: string) => formatTime(parts, layout);
  const named = (name: string, value: number) =>
    withType({ goString: () => name, String: takes([], () => name), value }, { name: 'time' });
  const time = {
    goString: () => format('2006-01-02 15:04:05.999999999 -0700 MST'),
    String: takes([], () => format('2006-01-02 15:04:05.999999999 -0700 MST')),
    Format: takes(['string'], format),
    Year: takes([], () => BigInt(parts.year)),
    Month: takes([], () => named(MONTHS[parts.month - 1]!, parts.month)),
    Day: takes([], () => BigInt(parts.day)),
    Weekday: takes([], () => named(WEEKDAYS[parts.weekday]!, parts.weekday)),
    YearDay: takes([], () => BigInt(parts.yearDay)),
    Hour: takes([], () => BigInt(parts.hour)),
    Minute: takes([], () => BigInt(parts.minute)),
    Second: takes([], () => BigInt(parts.second)),
    Nanosecond: takes([], () => BigInt(parts.nanosecond)),
    Unix: takes([], () => floorDivide(unixNanoseconds, SECOND)),
    UnixMilli: takes([], () => floorDivide(unixNanoseconds, 1_000_000n)),
    UnixMicro: takes([], () => floorDivide(unixNanoseconds, 1000n)),
    UnixNano: takes([], () => unixNanoseconds),
    IsZero: takes([], () => unixNanoseconds === ZERO_SECONDS * SECOND),
    UTC: takes([], () => createTime(unixNanoseconds)),
    Local: takes([], () => createTime(unixNanoseconds, Intl.DateTimeFormat().resolvedOptions().timeZone)),
    Add: takes(['any'], span => again(unixNanoseconds + asNanoseconds(span))),
    Sub: takes(['any'], other => createDuration(unixNanoseconds - instantOf(other))),
    After: takes(['any'], other => unixNanoseconds > instantOf(other)),
    Before: takes(['any'], other => unixNanoseconds < instantOf(other)),
    Equal: takes(['any'], other => unixNanoseconds === instantOf(other)),
    Compare: takes(['any'], other =>
      BigInt(Number(unixNanoseconds > instantOf(other)) - Number(unixNanoseconds < instantOf(other))),
    ),
    AddDate: takes(['int', 'int', 'int'], (years: bigint, months: bigint, days: bigint) =>
      again(addDate(parts, zone, [years, months, days].map(Number))),
    ),
    Truncate: takes(['any'], unit => again(truncate(unixNanoseconds, asNanoseconds(unit)))),
  };
  Object.defineProperty(time, 'unixNanoseconds', { value: unixNanoseconds });
  return withType(time, TIME) as unknown as GoTime;
}

function instantOf(value: unknown): bigint {
  if (isGoTime(value)) return value.unixNanoseconds;
  throw new Error(`expected time.Time${isDuration(value) ? ', got time.Duration' : ''}`);
}

function floorDivide(value: bigint, unit: bigint): bigint {
  const whole = value / unit;
  return value % unit < 0n ? whole - 1n : whole;
}

function partsOf(unixNanoseconds: bigint, zone: string): TimeParts {
  const unixMilliseconds = Number(floorDivide(unixNanoseconds, 1_000_000n));
  const { offsetSeconds, abbreviation } = zoneTimeOf(zone, unixMilliseconds);
  const local = new Date(unixMilliseconds + offsetSeconds * 1000);
  const year = local.getUTCFullYear();
  const nanosecond = Number(unixNanoseconds - floorDivide(unixNanoseconds, SECOND) * SECOND);
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    yearDay: Math.floor((local.getTime() - yearStart(year)) / 86_400_000) + 1,
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    nanosecond,
    offsetSeconds,
    abbreviation,
  };
}

/** Date.UTC takes the years up to 99 for those of the twentieth century. */
const yearStart = (year: number) => new Date(0).setUTCFullYear(year, 0, 1);

/** The zero time is a multiple of every unit. */
const truncate = (value: bigint, unit: bigint) =>
  unit <= 0n ? value : value - ((((value - ZERO_SECONDS * SECOND) % unit) + unit) % unit);

/** Days that a month does not have run over into the next, as in Go. */
function addDate(parts: TimeParts, zone: string, [years = 0, months = 0, days = 0]: number[]): bigint {
  const date = new Date(0);
  date.setUTCFullYear(parts.year + years, parts.month - 1 + months, parts.day + days);
  date.setUTCHours(parts.hour, parts.minute, parts.second);
  const wall = date.getTime();
  const first = zoneTimeOf(zone, wall - parts.offsetSeconds * 1000).offsetSeconds;
  const offset = zoneTimeOf(zone, wall - first * 1000).offsetSeconds;
  return BigInt(wall - offset * 1000) * 1_000_000n + BigInt(parts.nanosecond);
}
