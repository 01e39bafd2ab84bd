import { type Seconds, toSeconds } from '../../core/index.ts';
import { type CalendarUnit, type CalendarWindow, calendarWindow, type Slo } from '../../slo/index.ts';
import { own, recorded } from '../measures.ts';
import { SERIES } from '../names.ts';
import type { RecordingRule } from '../rule-types.ts';
import { FIRST_YEAR, LAST_YEAR, type ZoneTable, zoneTable } from './transitions.ts';

const DAY: Seconds = 86_400;

/** How long units are: of a fixed number of days, or of months. */
const LENGTHS: Record<CalendarUnit, { readonly days: number } | { readonly months: number }> = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { months: 12 },
};

/** Months lack these days, and windows that begin on them then begin sooner. */
const FIRST_UNCERTAIN_DAY = 29;

/**
 * Records when the present calendar window began. PromQL knows the calendar of UTC only: the instant is moved by the
 * zone's offset, its window's start is found as if it were UTC, and that is moved back by the offset of then.
 */
export function windowStartRules(slo: Slo, window: CalendarWindow): RecordingRule[] {
  const length = LENGTHS[window.unit];
  const anchor = toSeconds(Date.parse(`${window.anchor}Z`));
  if ('months' in length && new Date(anchor * 1000).getUTCDate() >= FIRST_UNCERTAIN_DAY) {
    return [recorded(slo, SERIES.windowStart, `vector(${tableOfStarts(window)})`)];
  }
  const start = (time: string) =>
    'days' in length
      ? dayStart(time, length.days * window.count * DAY, anchor)
      : monthStart(time, length.months * window.count, anchor);
  const zone = zoneTable(window.timeZone);
  if (zone.first === 0 && zone.transitions.length === 0) {
    return [recorded(slo, SERIES.windowStart, start('vector(time())'))];
  }
  const localStart = own(slo, SERIES.localWindowStart);
  return [
    recorded(slo, SERIES.localTime, `vector(time() ${plusOffset('time()', zone)})`),
    recorded(slo, SERIES.localWindowStart, start(own(slo, SERIES.localTime))),
    recorded(slo, SERIES.windowStart, `${localStart} ${minusLocalOffset(localStart, zone, anchor)}`),
  ];
}

/** Windows of one length follow each other from any of their starts. */
function dayStart(time: string, length: Seconds, anchor: Seconds): string {
  const first = ((anchor % length) + length) % length;
  return `${time} - (${time} - ${first}) % ${length}`;
}

/** A mean month, in the calendar of Gregory. */
const MEAN_MONTH: Seconds = (365.2425 / 12) * DAY;

/** Time is moved so that windows begin with a month, at midnight of its first day, and then back. */
function monthStart(time: string, length: number, anchor: Seconds): string {
  const date = new Date(anchor * 1000);
  const moved: Seconds = (date.getUTCDate() - 1) * DAY + (anchor % DAY);
  const shifted = moved === 0 ? time : `(${time} - ${moved})`;
  const first = (date.getUTCFullYear() * 12 + date.getUTCMonth()) % length;
  const months = `(year(${shifted}) * 12 + month(${shifted}) - 1 - ${first}) % ${length}`;
  // From the 15th of any month, some mean months earlier is about the middle of the month meant.
  const within =
    length === 1
      ? shifted
      : `(${shifted} - (day_of_month(${shifted}) - 15) * ${DAY} - (${months}) * ${MEAN_MONTH})`;
  const start = `${within} - ${within} % ${DAY} - (day_of_month(${within}) - 1) * ${DAY}`;
  return moved === 0 ? start : `${start} + ${moved}`;
}

/** Every start of the years that tables cover, each as what it adds to the one before. */
function tableOfStarts(window: CalendarWindow): string {
  const end = Date.UTC(LAST_YEAR + 1, 0);
  let { from, to } = calendarWindow(window, Date.UTC(FIRST_YEAR, 0));
  const terms = [String(toSeconds(from))];
  while (from < end) {
    ({ from, to } = calendarWindow(window, to));
    const before = toSeconds(calendarWindow(window, from - 1).from);
    terms.push(`${toSeconds(from) - before} * (time() >= bool ${toSeconds(from)})`);
  }
  return terms.join(' + ');
}

const signed = (value: number) => `${value < 0 ? '-' : '+'} ${Math.abs(value)}`;

/** Terms that add the offset of an instant of UTC; `bool` makes each comparison 0 or 1. */
function plusOffset(time: string, { first, transitions }: ZoneTable): string {
  const steps = transitions.map(
    ({ at, before, offset }) => `${signed(offset - before)} * (${time} >= bool ${at})`,
  );
  return [signed(first), ...steps].join(' ');
}

/**
 * Terms that take off the offset of an instant of local time. Of a time that comes twice the first is meant, hence `>`;
 * a time that never comes is where the clocks went on.
 */
function minusLocalOffset(time: string, { first, transitions }: ZoneTable, anchor: Seconds): string {
  const steps = transitions.flatMap(({ at, before, offset }) => {
    const skipped = (((anchor - (at + before)) % DAY) + DAY) % DAY;
    const [from, to] = [at + before, at + offset];
    return [
      `${signed(before - offset)} * (${time} > bool ${to})`,
      ...(skipped > 0 && skipped < to - from
        ? [`- (${time} - ${from}) * (${time} > bool ${from}) * (${time} <= bool ${to})`]
        : []),
    ];
  });
  return [signed(-first), ...steps].join(' ');
}
