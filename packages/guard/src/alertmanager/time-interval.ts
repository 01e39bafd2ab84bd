import type { Milliseconds } from '../core/index.ts';

/** Both ends belong to it. */
export interface InclusiveRange {
  readonly begin: number;
  readonly end: number;
}

/** Times that satisfy every list that is given, each by one of its ranges (Alertmanager timeinterval.TimeInterval). */
export interface TimeInterval {
  /** Minutes of the day; the end does not belong to it. */
  readonly times?: readonly InclusiveRange[];
  /** 0 is Sunday. */
  readonly weekdays?: readonly InclusiveRange[];
  /** From 1, or from -1 counting back from the month's last day. */
  readonly daysOfMonth?: readonly InclusiveRange[];
  /** From 1. */
  readonly months?: readonly InclusiveRange[];
  readonly years?: readonly InclusiveRange[];
  /** What clocks show somewhere; UTC where it is left out. */
  readonly clock?: WallClock;
}

/** What a clock on a wall and the calendar beside it show. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly minuteOfDay: number;
  readonly daysInMonth: number;
}

export type WallClock = (at: Milliseconds) => WallTime;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * Clocks of a zone of the IANA database, summer time included; `Local` is the process's own.
 *
 * @throws RangeError for a zone that there is not
 */
export function createWallClock(location: string): WallClock {
  // Offsets are zones to Intl, but not to Go.
  if (/^[+-]/.test(location)) throw new RangeError(`unknown time zone ${location}`);
  const format = new Intl.DateTimeFormat('en-US', {
    ...(location !== 'Local' && { timeZone: location || 'UTC' }),
    calendar: 'gregory',
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return at => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const [year, month] = [number('year'), number('month')];
    return {
      year,
      month,
      day: number('day'),
      weekday: WEEKDAYS.indexOf(parts.get('weekday')!),
      minuteOfDay: number('hour') * 60 + number('minute'),
      daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    };
  };
}

const UTC = createWallClock('UTC');

/** Whether an instant lies in an interval. */
export function containsTime(interval: TimeInterval, at: Milliseconds): boolean {
  const { times, weekdays, daysOfMonth, months, years, clock = UTC } = interval;
  const wall = clock(at);
  const within = (ranges: readonly InclusiveRange[] | undefined, value: number) =>
    ranges?.some(({ begin, end }) => value >= begin && value <= end) ?? true;
  return (
    (times?.some(({ begin, end }) => wall.minuteOfDay >= begin && wall.minuteOfDay < end) ?? true) &&
    (daysOfMonth?.some(range => containsDay(range, wall)) ?? true) &&
    within(months, wall.month) &&
    within(weekdays, wall.weekday) &&
    within(years, wall.year)
  );
}

/** A range that begins after a short month's end does not reach into it; one that ends there ends with the month. */
function containsDay(range: InclusiveRange, { day, daysInMonth }: WallTime): boolean {
  const fromStart = (value: number) => (value < 0 ? daysInMonth + value + 1 : value);
  return day >= fromStart(range.begin) && day <= fromStart(range.end);
}

/** The named intervals of a configuration. */
export interface TimeIntervals {
  /** Of these names those of intervals that contain the instant, once for each. */
  containing(names: readonly string[], at: Milliseconds): string[];
}

export function createTimeIntervals(named: ReadonlyMap<string, readonly TimeInterval[]>): TimeIntervals {
  return {
    containing: (names, at) =>
      names.flatMap(name => (named.get(name) ?? []).filter(each => containsTime(each, at)).map(() => name)),
  };
}
