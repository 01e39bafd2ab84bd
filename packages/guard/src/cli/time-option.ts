import { type Milliseconds, parseDuration, UserError } from '../core/index.ts';
import type { WallClock } from './wall-clock.ts';

/** What times of options are read against. */
export interface TimeContext {
  readonly now: Milliseconds;
  /** For times without a zone. */
  readonly wallClock: WallClock;
}

const RELATIVE = /^(?:now)?([+-])(\w+)$/;
const UNIX_SECONDS = /^\d+(?:\.\d+)?$/;
const CALENDAR = /^(\d{4}-\d\d-(\d\d))(?:[Tt ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?$/;

/** The forms that `timeOption` takes, for help texts. */
export const TIME_FORMS = 'now, now-1h, -1h, 2026-07-01, 2026-07-01T10:00:00Z, Unix seconds';

/**
 * Reads an instant: `now`, `now-1h`, `-1h30m`, Unix seconds, RFC 3339, or a date with or without a time, which
 * without a zone is the wall clock's. Milliseconds are the finest that is kept.
 *
 * @param flag named in the error, with its dashes
 * @throws UserError `bad-option`
 */
export function timeOption(flag: string, text: string, { now, wallClock }: TimeContext): Milliseconds {
  const time = relative(text, now) ?? unixSeconds(text) ?? calendar(text, wallClock);
  // Dates, and so everything that shows a time, end there.
  if (time !== undefined && Math.abs(time) <= 8.64e15) return time;
  throw new UserError('bad-option', `${flag}: ${JSON.stringify(text)} is not a time`, {
    remedy: `give one of these forms: ${TIME_FORMS}`,
  });
}

/** Reads a duration above zero: `5m`, `1h30m`, or seconds as a number. @throws UserError `bad-option` */
export function durationOption(flag: string, text: string): Milliseconds {
  const duration = unixSeconds(text) ?? parseDuration(text);
  if (duration !== undefined && duration > 0) return duration;
  throw new UserError(
    'bad-option',
    `${flag}: ${JSON.stringify(text)} is not a duration such as 15s, 5m or 30d`,
  );
}

function relative(text: string, now: Milliseconds): Milliseconds | undefined {
  if (text === 'now') return now;
  const [, sign, length] = RELATIVE.exec(text) ?? [];
  const distance = parseDuration(length ?? '');
  if (distance === undefined) return undefined;
  return sign === '-' ? now - distance : now + distance;
}

const unixSeconds = (text: string): Milliseconds | undefined =>
  UNIX_SECONDS.test(text) ? Math.round(Number(text) * 1000) : undefined;

function calendar(text: string, wallClock: WallClock): Milliseconds | undefined {
  const match = CALENDAR.exec(text);
  if (!match) return undefined;
  const [, date, day, minutes = '00:00', seconds = ':00', zone] = match;
  const iso = `${date}T${minutes}${seconds}`;
  const shown = Date.parse(`${iso}Z`);
  // The platform takes 30 February for 2 March.
  if (Number.isNaN(shown) || new Date(shown).getUTCDate() !== Number(day)) return undefined;
  return zone === undefined ? wallClock.instantOf(shown) : Date.parse(`${iso}${zone.toUpperCase()}`);
}
