import type { Milliseconds } from '../core/index.ts';
import { instantOf, localTime } from './local-time.ts';
import type { CalendarUnit, CalendarWindow } from './model.ts';

/** From inclusive, to exclusive, since the epoch. */
export interface Interval {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

const DAY = 86_400_000;

/** Midnight of a Monday that begins a week, a month, a quarter and a year. */
export const NATURAL_ANCHOR = '2024-01-01T00:00:00';

/** The window of a calendar that holds an instant. */
export function calendarWindow(window: CalendarWindow, at: Milliseconds): Interval {
  const { timeZone } = window;
  const start = (index: number) => instantOf(startOf(window, index), timeZone);
  let index = indexNear(window, localTime(at, timeZone));
  // Where clocks are set back a local time comes twice, and only the instant tells the window.
  while (start(index) > at) index -= 1;
  while (start(index + 1) <= at) index += 1;
  return { from: start(index), to: start(index + 1) };
}

/** Local milliseconds: what a clock on the wall shows, read as if it were UTC. */
const anchorOf = ({ anchor }: CalendarWindow) => Date.parse(`${anchor}Z`);

function startOf(window: CalendarWindow, index: number): number {
  const { days, months } = STEPS[window.unit];
  const steps = index * window.count;
  const anchor = anchorOf(window);
  return months === 0 ? anchor + steps * days * DAY : monthsLater(anchor, steps * months);
}

function indexNear(window: CalendarWindow, local: number): number {
  const { days, months } = STEPS[window.unit];
  const anchor = anchorOf(window);
  if (months === 0) return Math.floor((local - anchor) / (days * window.count * DAY));
  return Math.floor((monthNumber(local) - monthNumber(anchor)) / (months * window.count));
}

const STEPS: Record<CalendarUnit, { readonly days: number; readonly months: number }> = {
  day: { days: 1, months: 0 },
  week: { days: 7, months: 0 },
  month: { days: 0, months: 1 },
  quarter: { days: 0, months: 3 },
  year: { days: 0, months: 12 },
};

function monthNumber(local: number): number {
  const date = new Date(local);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function monthsLater(local: number, months: number): number {
  const date = new Date(local);
  const month = monthNumber(local) + months;
  const [year, ofYear] = [Math.floor(month / 12), month - Math.floor(month / 12) * 12];
  const day = Math.min(date.getUTCDate(), daysIn(year, ofYear));
  return Date.UTC(year, ofYear, day) + (local - Math.floor(local / DAY) * DAY);
}

/** Day 0 is the last of the month before. */
const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
