import { goQuote, type Milliseconds, parseDuration } from '../core/index.ts';
import { readGoFloat, type Unreadable } from './go-numbers.ts';

const NANOSECONDS_PER_MS = 1_000_000;
/** What a Go duration, 64 bits of nanoseconds, can hold: 292 years. */
const LONGEST_NS = 2 ** 63;

/**
 * A duration as seconds or as in `5m`, with the precision of nanoseconds (web/api/v1 `parseDuration`).
 * The message of a refusal does not name the parameter.
 */
export function readDuration(text: string): Milliseconds | Unreadable {
  const refused = `cannot parse ${goQuote(text)} to a valid duration`;
  const seconds = readGoFloat(text);
  if (seconds === undefined) {
    const duration = parseDuration(text);
    return duration === undefined || duration * NANOSECONDS_PER_MS >= LONGEST_NS
      ? { error: refused }
      : duration;
  }
  const nanoseconds = seconds * 1e9;
  if (!(nanoseconds < LONGEST_NS && nanoseconds >= -LONGEST_NS))
    return { error: `${refused}. It overflows int64` };
  return Math.trunc(nanoseconds) / NANOSECONDS_PER_MS;
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** A duration as Go's time.Duration prints it, such as `-1m30s` or `1.5ms`. */
export function goDurationText(duration: Milliseconds): string {
  if (duration < 0) return `-${goDurationText(-duration)}`;
  if (duration === 0) return '0s';
  const nanoseconds = Math.round(duration * NANOSECONDS_PER_MS);
  if (nanoseconds < 1000) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000) return `${nanoseconds / 1000}µs`;
  if (nanoseconds < 1_000_000_000) return `${nanoseconds / 1_000_000}ms`;
  let text = '';
  let rest: number = duration;
  for (const [suffix, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count > 0 || text !== '') text += `${count}${suffix}`;
    rest -= count * length;
  }
  return `${text}${Number((rest / 1000).toFixed(9))}s`;
}
