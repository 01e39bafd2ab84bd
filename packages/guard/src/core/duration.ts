import type { Milliseconds } from './units.ts';

const UNITS: ReadonlyArray<readonly [suffix: string, length: number]> = [
  ['y', 365 * 24 * 3_600_000],
  ['w', 7 * 24 * 3_600_000],
  ['d', 24 * 3_600_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Go keeps durations as 64-bit nanoseconds: 292 years. */
const LONGEST = 9_223_372_036_854;

/**
 * Parses a Prometheus duration such as `5m`, `1h30m` or `0` (model.ParseDuration of prometheus/common): units in
 * descending order, each at most once. Undefined when the text is not one.
 */
export function parseDuration(text: string): Milliseconds | undefined {
  if (text === '0') return 0;
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (!match || text === '') return undefined;
  const total = UNITS.reduce((sum, [, length], i) => sum + Number(match[i + 1] ?? 0) * length, 0);
  return total <= LONGEST ? total : undefined;
}

/** Prints as Prometheus does: largest units first; years and weeks only when they divide what is left. */
export function formatDuration(duration: Milliseconds): string {
  if (duration === 0) return '0s';
  if (duration < 0) return `-${formatDuration(-duration)}`;
  let rest: number = duration;
  let text = '';
  for (const [suffix, length] of UNITS) {
    const exactOnly = suffix === 'y' || suffix === 'w';
    if (exactOnly && rest % length !== 0) continue;
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${suffix}`;
    rest -= count * length;
  }
  return text;
}
