import { type Milliseconds, milliseconds } from '../core/index.ts';

/** Making one costs more than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

/** Whether it is a name of the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return /^[A-Za-z]/.test(name);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What a clock on the wall of a zone shows at an instant, as milliseconds that read as UTC give the same. */
export function localTime(instant: Milliseconds, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
  const whole = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return whole + (((instant % 1000) + 1000) % 1000);
}

/** The first instant at which a clock of the zone shows a local time; where it skips it, the instant of the skip. */
export function instantOf(local: number, timeZone: string): Milliseconds {
  const offsetAt = (instant: number) => localTime(milliseconds(instant), timeZone) - instant;
  const day = 86_400_000;
  const [before, after] = [offsetAt(local - day), offsetAt(local + day)];
  const candidates = [local - before, local - after];
  const shown = candidates.filter(instant => localTime(milliseconds(instant), timeZone) === local);
  if (shown.length > 0) return milliseconds(Math.min(...shown));
  return milliseconds(transition(local - Math.max(before, after), local - Math.min(before, after)));

  /** Between two instants of different offsets, the first of the later one, to the second. */
  function transition(from: number, to: number): number {
    let [low, high] = [from, to];
    const offset = offsetAt(low);
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000;
      if (offsetAt(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }
}
