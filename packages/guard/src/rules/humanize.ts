import { parseFloatText } from '../core/index.ts';
import { formatGeneral, toInt64 } from '../template/index.ts';

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
  const whole = toInt64(Math.abs(value));
  const parts: [bigint, string][] = [
    [whole / 86_400n, 'd'],
    [(whole / 3600n) % 24n, 'h'],
    [(whole / 60n) % 60n, 'm'],
    [whole % 60n, 's'],
  ];
  const first = parts.findIndex(([count]) => count !== 0n);
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
