import type { Milliseconds } from '../core/index.ts';

/**
 * The clock on the wall of one time zone. What it shows is told as the instant at which UTC's clocks show the same:
 * steps and calendars are then plain arithmetic.
 */
export interface WallClock {
  /** The zone's IANA name. */
  readonly zone: string;
  shownAt(time: Milliseconds): Milliseconds;
  /** The instant at which the clock shows `shown`; where it does so twice, one of the two. */
  instantOf(shown: Milliseconds): Milliseconds;
}

/** @param zone an IANA name; the machine's zone by default */
export function createWallClock(zone?: string): WallClock {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...(zone !== undefined && { timeZone: zone }),
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  function shownAt(time: Milliseconds): Milliseconds {
    const part = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    const rest = ((time % 1000) + 1000) % 1000;
    return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) + rest;
  }

  /** How far the zone's clocks are ahead of UTC. */
  const offsetAt = (time: Milliseconds): Milliseconds => shownAt(time) - time;

  return {
    zone: format.resolvedOptions().timeZone,
    shownAt,
    // The offset at the guess may be that of the other side of a change of clocks; the second look is right.
    instantOf: shown => shown - offsetAt(shown - offsetAt(shown)),
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Texts of what a wall clock shows. */
export const WALL_TEXT = {
  /** `2026-07-01`. */
  date: (shown: Milliseconds) => new Date(shown).toISOString().slice(0, 10),
  /** `Jul 1`. */
  day: (shown: Milliseconds) => `${MONTHS[new Date(shown).getUTCMonth()]} ${new Date(shown).getUTCDate()}`,
  /** `2026`. */
  year: (shown: Milliseconds) => String(new Date(shown).getUTCFullYear()),
  /** `10:05`. */
  minutes: (shown: Milliseconds) => new Date(shown).toISOString().slice(11, 16),
  /** `10:05:09`. */
  seconds: (shown: Milliseconds) => new Date(shown).toISOString().slice(11, 19),
} as const;

/** `2026-07-01 10:05:09`, with milliseconds only when there are any. */
export function formatTime(clock: WallClock, time: Milliseconds): string {
  const text = new Date(clock.shownAt(time)).toISOString().slice(0, -1).replace('T', ' ');
  return text.endsWith('.000') ? text.slice(0, -4) : text;
}
