import { type Milliseconds, milliseconds } from '../core/index.ts';
import type { CalendarUnit, CalendarWindow, TimeWindow } from './model.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The most days that a unit has. */
const MOST_DAYS: Record<CalendarUnit, number> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

/** Of windows that begin at the same local time, one in which summer time ends is an hour longer. */
const SUMMER_TIME_ENDS = HOUR;

const longest = ({ unit, count, timeZone }: CalendarWindow) =>
  count * MOST_DAYS[unit] * DAY + (timeZone === 'UTC' ? 0 : SUMMER_TIME_ENDS);

/** How long a window is: of a calendar, the longest that one can be. */
export const windowLength = (window: TimeWindow): Milliseconds =>
  window.kind === 'rolling' ? window.length : milliseconds(longest(window));

/** Days as people reckon: a month has 30. */
const USUAL_DAYS: Record<CalendarUnit, number> = { day: 1, week: 7, month: 30, quarter: 90, year: 365 };

/** The period that a window's policy is scaled to, so that a month of 30 or 31 days has the same alerts. */
export const usualLength = (window: TimeWindow): Milliseconds =>
  window.kind === 'rolling' ? window.length : milliseconds(window.count * USUAL_DAYS[window.unit] * DAY);
