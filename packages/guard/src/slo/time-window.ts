import { type Milliseconds, milliseconds } from '../core/index.ts';
import type { CalendarUnit, TimeWindow } from './model.ts';

const DAY = 86_400_000;

/** The longest that a unit lasts, an hour of daylight saving included. */
const LONGEST: Record<CalendarUnit, Milliseconds> = {
  week: milliseconds(7 * DAY),
  month: milliseconds(31 * DAY),
  quarter: milliseconds(92 * DAY),
  year: milliseconds(366 * DAY),
};

/** How long a window is: of a calendar unit, the longest that it can be. */
export const windowLength = (window: TimeWindow): Milliseconds =>
  window.kind === 'rolling' ? window.length : LONGEST[window.unit];
