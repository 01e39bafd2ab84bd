import type { Milliseconds } from '../core/index.ts';

/** Go's zero time: "never". */
const NEVER = '0001-01-01T00:00:00Z';

/** An instant as Go's encoding/json writes it: no trailing zeros in the fraction. */
export const timeText = (at: Milliseconds | undefined): string =>
  at === undefined ? NEVER : new Date(at).toISOString().replace(/\.?0*Z$/, 'Z');

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const MINUTE_MS = 60_000;

/** An instant as Go's time.Parse reads RFC 3339, cut to whole milliseconds; undefined for what it refuses. */
export function readRfc3339(text: string): Milliseconds | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match.slice(7);
  if (!isCalendarDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  if (Number(zoneHour) > 24 || Number(zoneMinute) > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Number(fraction.slice(0, 3).padEnd(3, '0')));
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * MINUTE_MS;
  return date.getTime() - (sign === '-' ? -zone : zone);
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return day <= last.getUTCDate();
}
