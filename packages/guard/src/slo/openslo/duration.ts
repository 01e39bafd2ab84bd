import { type Milliseconds, milliseconds, parseDuration } from '../../core/index.ts';
import type { CalendarUnit } from '../model.ts';

/** How many of a unit; `calendar` where calendars have such a unit. */
export interface Shorthand {
  readonly length: Milliseconds;
  readonly count: number;
  readonly calendar: CalendarUnit | undefined;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The postfixes of OpenSLO's duration-shorthand. How long a month is, the specification leaves open: as a length it is
 * 30 days, a quarter 90, a year 365.
 */
const POSTFIXES: Readonly<Record<string, { length: number; calendar: CalendarUnit | undefined }>> = {
  m: { length: 60_000, calendar: undefined },
  h: { length: HOUR, calendar: undefined },
  d: { length: DAY, calendar: 'day' },
  w: { length: 7 * DAY, calendar: 'week' },
  M: { length: 30 * DAY, calendar: 'month' },
  Q: { length: 90 * DAY, calendar: 'quarter' },
  Y: { length: 365 * DAY, calendar: 'year' },
};

const SHORTHAND = /^([1-9]\d{0,5})([mhdwMQY])$/;

/** `30d`, `1M`; durations of Prometheus such as `1h30m` too. Undefined for what is neither, and for nothing. */
export function shorthandOf(text: string): Shorthand | undefined {
  const [, digits, postfix] = SHORTHAND.exec(text) ?? [];
  if (digits === undefined || postfix === undefined) {
    const length = parseDuration(text);
    return length === undefined || length === 0 ? undefined : { length, count: 1, calendar: undefined };
  }
  const { length, calendar } = POSTFIXES[postfix]!;
  const count = Number(digits);
  return { length: milliseconds(count * length), count, calendar };
}
