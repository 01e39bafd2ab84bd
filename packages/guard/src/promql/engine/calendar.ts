/** The range of a JavaScript date, in seconds either side of 1970. */
const DATE_LIMIT = 8.64e12;
const INT64_LIMIT = 2 ** 63;
/** What a float that no int64 holds becomes on the machines that Prometheus mostly runs on (amd64). */
const INT64_MINIMUM = -(2n ** 63n);
/** Go's calendar begins here, in the year -292277022399; times before it wrap around (time.absoluteToInternal). */
const FIRST_SECOND = -9_223_371_966_579_724_800n;
const DAY_SECONDS = 86_400n;
/** The Gregorian calendar repeats itself after so many days, weekdays included. */
const CYCLE_DAYS = 146_097n;
const CYCLE_YEARS = 400;
const DAY = 86_400_000;

/** An instant of UTC; its year is that of `date` and 400 times `cycles`. */
interface Instant {
  readonly date: Date;
  readonly cycles: number;
}

function instantAt(value: number): Instant {
  if (Math.abs(value) < DATE_LIMIT) return { date: new Date(Math.trunc(value) * 1000), cycles: 0 };
  const seconds = Math.abs(value) < INT64_LIMIT ? BigInt(Math.trunc(value)) : INT64_MINIMUM;
  const wrapped = seconds < FIRST_SECOND ? seconds + 2n ** 64n : seconds;
  const ofCycle = modulo(wrapped, CYCLE_DAYS * DAY_SECONDS);
  const cycles = (wrapped - ofCycle) / (CYCLE_DAYS * DAY_SECONDS);
  return { date: new Date(Number(ofCycle) * 1000), cycles: Number(cycles) };
}

function modulo(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

function yearStart(date: Date): number {
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return start.getTime();
}

function daysInMonth(date: Date): number {
  const last = new Date(0);
  last.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
  return last.getUTCDate();
}

const PARTS: ReadonlyMap<string, (instant: Instant) => number> = new Map([
  ['days_in_month', ({ date }: Instant) => daysInMonth(date)],
  ['day_of_month', ({ date }: Instant) => date.getUTCDate()],
  ['day_of_week', ({ date }: Instant) => date.getUTCDay()],
  ['day_of_year', ({ date }: Instant) => Math.floor((date.getTime() - yearStart(date)) / DAY) + 1],
  ['hour', ({ date }: Instant) => date.getUTCHours()],
  ['minute', ({ date }: Instant) => date.getUTCMinutes()],
  ['month', ({ date }: Instant) => date.getUTCMonth() + 1],
  ['year', ({ date, cycles }: Instant) => date.getUTCFullYear() + CYCLE_YEARS * cycles],
]);

/** A part of the UTC date at so many seconds of Unix time, any float; undefined when there is no such function. */
export function dateFunction(name: string): ((seconds: number) => number) | undefined {
  const part = PARTS.get(name);
  return part && (seconds => part(instantAt(seconds)));
}
