import { parseFloatText } from '../core/index.ts';
import { formatGeneral } from '../template/index.ts';

const LARGE = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const BINARY = ['', 'ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const SMALL = ['', 'm', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];

const four = (value: number) => formatGeneral(value, 4);

/** Numbers, and texts that hold one. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const parsed = typeof value === 'string' ? parseFloatText(value) : undefined;
  if (parsed === undefined) throw new Error(`can't convert ${JSON.stringify(value)} to a number`);
  return parsed;
}

function scale(value: number, base: number, prefixes: readonly string[]): string {
  let rest = value;
  let step = 0;
  for (; step < prefixes.length - 1 && Math.abs(rest) >= base; step++) rest /= base;
  return four(rest) + prefixes[step];
}

function scaleSmall(value: number): string {
  let rest = value;
  let step = 0;
  for (; step < SMALL.length - 1 && Math.abs(rest) < 1; step++) rest *= 1000;
  return four(rest) + SMALL[step];
}

/** `1.234k`, `12.5m`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return four(value);
  return Math.abs(value) >= 1 ? scale(value, 1000, LARGE) : scaleSmall(value);
}

/** `1.5Mi`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return four(value);
  return scale(value, 1024, BINARY);
}

/** Seconds as `1d 2h 3m 4s`, `1.5s`, `12ms`. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return four(value);
  if (value === 0) return '0s';
  if (Math.abs(value) < 1) return `${scaleSmall(value)}s`;
  const sign = value < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(value));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count !== 0);
  if (first === 3) return `${sign}${four(Math.abs(value))}s`;
  return (
    sign +
    parts
      .slice(first)
      .map(([count, unit]) => `${count}${unit}`)
      .join(' ')
  );
}

export const humanizePercentage = (value: number): string => `${four(value * 100)}%`;

/** A Unix time in seconds as Go prints a time: `2015-05-25 17:28:36.5 +0000 UTC`, to the millisecond. */
export function formatTime(seconds: number): string {
  const date = new Date(Math.floor(seconds * 1000));
  if (Number.isNaN(date.getTime())) throw new Error(`${seconds} is not a time`);
  const [day, time] = date.toISOString().split('T') as [string, string];
  const [clock, fraction] = time.slice(0, -1).split('.') as [string, string];
  const shown = fraction.replace(/0+$/, '');
  return `${day} ${clock}${shown === '' ? '' : `.${shown}`} +0000 UTC`;
}

/** Seconds as Go prints a duration: `1h0m1.5s`, `12ms`. */
export function formatGoDuration(seconds: number): string {
  const nanoseconds = Math.trunc(seconds * 1e9);
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const size = Math.abs(nanoseconds);
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const minutes = Math.floor(size / 60e9);
  const rest = `${(size % 60e9) / 1e9}s`;
  if (minutes === 0) return sign + rest;
  const hours = Math.floor(minutes / 60);
  return `${sign}${hours > 0 ? `${hours}h` : ''}${minutes % 60}m${rest}`;
}
