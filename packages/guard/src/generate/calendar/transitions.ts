import { type Seconds, UserError } from '../../core/index.ts';

/** An instant from which a time zone has another offset. */
export interface Transition {
  /** Since the epoch. */
  readonly at: Seconds;
  /** What is added to UTC before it. */
  readonly before: Seconds;
  /** What is added to UTC from then on. */
  readonly offset: Seconds;
}

export interface ZoneTable {
  /** The offset before the first transition. */
  readonly first: Seconds;
  readonly transitions: readonly Transition[];
}

/** The years that a generated table covers; after them the last offset stays. */
export const FIRST_YEAR = 2025;
export const LAST_YEAR = 2040;

const DAY: Seconds = 86_400;
/** Zones keep an offset for longer than this (Morocco's month of fasting is the shortest). */
const PROBE: Seconds = 14 * DAY;

/**
 * The offsets of a zone of the IANA database from 2025 to 2040, as this Node knows them.
 *
 * @throws UserError `unknown-time-zone`
 */
export function zoneTable(timeZone: string): ZoneTable {
  const offsetAt = offsetsOf(timeZone);
  const start = Date.UTC(FIRST_YEAR, 0) / 1000;
  const end = Date.UTC(LAST_YEAR + 1, 0) / 1000;
  const first = offsetAt(start);
  const transitions: Transition[] = [];
  let known = first;
  for (let time = start; time < end; time += PROBE) {
    const offset = offsetAt(time + PROBE);
    if (offset === known) continue;
    transitions.push({ at: firstWith(offset, time, time + PROBE, offsetAt), before: known, offset });
    known = offset;
  }
  return { first, transitions };
}

/** The first second in (from, to] at which the offset is that of `to`. */
function firstWith(offset: Seconds, from: Seconds, to: Seconds, offsetAt: (time: Seconds) => Seconds) {
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offset) after = middle;
    else before = middle;
  }
  return after;
}

function offsetsOf(timeZone: string): (time: Seconds) => Seconds {
  const format = formatOf(timeZone);
  return time => {
    const part = format.formatToParts(time * 1000).find(({ type }) => type === 'timeZoneName')!.value;
    const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(part);
    if (!match) throw new Error(`BUG: offset ${part} of ${timeZone}`);
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
    const length = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -length : length;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    throw new UserError('unknown-time-zone', `there is no time zone ${JSON.stringify(timeZone)}`, {
      remedy: 'name one of the IANA database, such as Europe/Paris, or UTC',
    });
  }
}
