import { createTime, type GoTime } from './go-time.ts';
import { MONTHS } from './time-layout.ts';

/** What a text says of a time; what it does not say is Go's zero time. */
interface Fields {
  year: number;
  month: number;
  day: number;
  yearDay?: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  isAfternoon?: boolean;
  offsetSeconds: number;
}

type Read = (fields: Fields, text: string) => void;

const short = (names: readonly string[]) => names.map(name => name.slice(0, 3));
const indexIn = (names: readonly string[], text: string) =>
  names.findIndex(name => name.toLowerCase() === text.toLowerCase());
const number =
  (field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'yearDay'): Read =>
  (fields, text) => {
    fields[field] = Number(text);
  };
const offset: Read = (fields, text) => {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(text) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  fields.offsetSeconds = sign === '-' ? -size : size;
};
const fraction: Read = (fields, text) => {
  fields.nanosecond = Number(text.slice(1, 10).padEnd(9, '0'));
};
const ignore: Read = () => {};

/** What a layout's elements read (time/format.go `parse`), longest first where one begins another. */
const ELEMENTS: ReadonlyArray<readonly [element: string, pattern: RegExp, read: Read]> = [
  [
    'January',
    /January|February|March|April|May|June|July|August|September|October|November|December/iy,
    (fields, text) => {
      fields.month = indexIn(MONTHS, text) + 1;
    },
  ],
  [
    'Jan',
    /Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec/iy,
    (fields, text) => {
      fields.month = indexIn(short(MONTHS), text) + 1;
    },
  ],
  ['Monday', /Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday/iy, ignore],
  ['Mon', /Sun|Mon|Tue|Wed|Thu|Fri|Sat/iy, ignore],
  ['MST', /UTC|GMT(?:[+-]\d+)?|[A-Z]{3,5}|[+-]\d\d(?:\d\d)?/iy, ignore],
  ['2006', /\d{4}/iy, number('year')],
  ['002', /\d{3}/iy, number('yearDay')],
  ['__2', / {0,2}\d{1,3}/iy, number('yearDay')],
  ['_2', / ?\d{1,2}/iy, number('day')],
  ['01', /\d\d/iy, number('month')],
  ['02', /\d\d/iy, number('day')],
  ['03', /\d\d/iy, number('hour')],
  ['04', /\d\d/iy, number('minute')],
  ['05', /\d\d/iy, number('second')],
  [
    '06',
    /\d\d/iy,
    (fields, text) => {
      fields.year = Number(text) + (Number(text) >= 69 ? 1900 : 2000);
    },
  ],
  ['15', /\d\d?/iy, number('hour')],
  [
    'PM',
    /AM|PM/iy,
    (fields, text) => {
      fields.isAfternoon = text === 'PM';
    },
  ],
  [
    'pm',
    /am|pm/iy,
    (fields, text) => {
      fields.isAfternoon = text === 'pm';
    },
  ],
  ['Z07:00:00', /Z|[+-]\d\d:\d\d:\d\d/iy, offset],
  ['Z070000', /Z|[+-]\d{6}/iy, offset],
  ['Z07:00', /Z|[+-]\d\d:\d\d/iy, offset],
  ['Z0700', /Z|[+-]\d{4}/iy, offset],
  ['Z07', /Z|[+-]\d\d/iy, offset],
  ['-07:00:00', /[+-]\d\d:\d\d:\d\d/iy, offset],
  ['-070000', /[+-]\d{6}/iy, offset],
  ['-07:00', /[+-]\d\d:\d\d/iy, offset],
  ['-0700', /[+-]\d{4}/iy, offset],
  ['-07', /[+-]\d\d/iy, offset],
  ['1', /\d\d?/iy, number('month')],
  ['2', /\d\d?/iy, number('day')],
  ['3', /\d\d?/iy, number('hour')],
  ['4', /\d\d?/iy, number('minute')],
  ['5', /\d\d?/iy, number('second')],
];
const SECONDS: ReadonlySet<string> = new Set(['05', '5']);
const ANY_FRACTION = /[.,]\d+/y;
const FRACTION = /^[.,](0+|9+)(?!\d)/;

/** A text by a layout, in UTC where it names no offset (Go's time.ParseInLocation). @throws Error where they do not match */
export function parseTime(layout: string, text: string): GoTime {
  const fields: Fields = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    offsetSeconds: 0,
  };
  const fail = (): never => {
    throw new Error(`parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse`);
  };
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return fail();
    at += found.length;
    return found;
  };
  for (let rest = layout; rest !== ''; ) {
    const digits = FRACTION.exec(rest)?.[0];
    const element = digits === undefined ? ELEMENTS.find(([name]) => rest.startsWith(name)) : undefined;
    if (digits !== undefined) {
      const found = take(digits[1] === '9' ? /(?:[.,]\d+)?/y : ANY_FRACTION);
      if (found !== '') fraction(fields, found);
      rest = rest.slice(digits.length);
    } else if (element) {
      const [name, pattern, read] = element;
      read(fields, take(pattern));
      rest = rest.slice(name.length);
      // A fraction may follow seconds although the layout has none.
      if (SECONDS.has(name) && !FRACTION.test(rest) && /^[.,]\d/.test(text.slice(at)))
        fraction(fields, take(ANY_FRACTION));
    } else {
      if (text[at] !== rest[0]) fail();
      at++;
      rest = rest.slice(1);
    }
  }
  return at === text.length ? timeOf(fields, fail) : fail();
}

function timeOf(fields: Fields, fail: () => never): GoTime {
  const { year, month, day, yearDay, minute, second, nanosecond, isAfternoon, offsetSeconds } = fields;
  let { hour } = fields;
  if (isAfternoon === true && hour < 12) hour += 12;
  if (isAfternoon === false && hour === 12) hour = 0;
  const date = new Date(0);
  if (yearDay === undefined) date.setUTCFullYear(year, month - 1, day);
  else date.setUTCFullYear(year, 0, yearDay);
  const isDay = yearDay !== undefined || (date.getUTCMonth() === month - 1 && date.getUTCDate() === day);
  if (!isDay || hour > 23 || minute > 59 || second > 59) fail();
  date.setUTCHours(hour, minute, second);
  const at = BigInt(date.getTime() - offsetSeconds * 1000) * 1_000_000n;
  return createTime(at + BigInt(nanosecond));
}
