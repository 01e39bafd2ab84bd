import { takes } from './signature.ts';
import { type GoStringer, type GoType, withType } from './values.ts';

export const DURATION: GoType = { name: 'time.Duration', isPointer: true };

const SECOND = 1_000_000_000n;
const LEAST = -(2n ** 63n);

/** Go's time.Duration: nanoseconds in 64 bits, with the methods that templates can call. */
export interface GoDuration extends GoStringer {
  readonly nanoseconds: bigint;
}

/** A float as amd64 makes an int64 of it: what does not fit becomes the least of all. */
export function toInt64(value: number): bigint {
  const isFit = value >= -(2 ** 63) && value < 2 ** 63;
  return isFit ? BigInt(Math.trunc(value)) : LEAST;
}

export const isDuration = (value: unknown): value is GoDuration =>
  typeof value === 'object' && value !== null && 'nanoseconds' in value;

export function createDuration(nanoseconds: bigint): GoDuration {
  const duration = {
    goString: () => formatDuration(nanoseconds),
    String: takes([], () => formatDuration(nanoseconds)),
    Nanoseconds: takes([], () => nanoseconds),
    Microseconds: takes([], () => nanoseconds / 1000n),
    Milliseconds: takes([], () => nanoseconds / 1_000_000n),
    Seconds: takes([], () => secondsOf(nanoseconds)),
    Minutes: takes(
      [],
      () => Number(nanoseconds / (60n * SECOND)) + Number(nanoseconds % (60n * SECOND)) / 60e9,
    ),
    Hours: takes(
      [],
      () => Number(nanoseconds / (3600n * SECOND)) + Number(nanoseconds % (3600n * SECOND)) / 3600e9,
    ),
    Abs: takes([], () => createDuration(nanoseconds < 0n ? -nanoseconds : nanoseconds)),
    Truncate: takes(['any'], unit => createDuration(truncate(nanoseconds, asNanoseconds(unit)))),
    Round: takes(['any'], unit => createDuration(round(nanoseconds, asNanoseconds(unit)))),
  };
  Object.defineProperty(duration, 'nanoseconds', { value: nanoseconds });
  return withType(duration, DURATION) as unknown as GoDuration;
}

/** A duration, or an integer literal that Go reads as one. @throws Error for anything else */
export function asNanoseconds(value: unknown): bigint {
  if (isDuration(value)) return value.nanoseconds;
  if (typeof value === 'bigint') return value;
  throw new Error('expected time.Duration');
}

export const secondsOf = (nanoseconds: bigint): number =>
  Number(nanoseconds / SECOND) + Number(nanoseconds % SECOND) / 1e9;

const truncate = (value: bigint, unit: bigint) => (unit <= 0n ? value : value - (value % unit));

/** Halves go away from zero. */
function round(value: bigint, unit: bigint): bigint {
  if (unit <= 0n) return value;
  const rest = value % unit;
  const size = rest < 0n ? -rest : rest;
  const down = value - rest;
  if (size + size < unit) return down;
  return value < 0n ? down - unit : down + unit;
}

/** Go's Duration.String: `1h0m1.5s`, `12ms`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < SECOND) return `${sign}${decimal(size, 6)}ms`;
  const minutes = size / (60n * SECOND);
  const rest = `${decimal(size % (60n * SECOND), 9)}s`;
  if (minutes === 0n) return sign + rest;
  const hours = minutes / 60n;
  return `${sign}${hours > 0n ? `${hours}h` : ''}${minutes % 60n}m${rest}`;
}

/** `value / 10^digits` without zeros at the end. */
function decimal(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const fraction = (value % unit).toString().padStart(digits, '0').replace(/0+$/, '');
  return `${value / unit}${fraction === '' ? '' : `.${fraction}`}`;
}
