import type { Unit } from '../choices.ts';

interface Scale {
  /** How much of the plain unit one of the scaled is. */
  readonly factor: number;
  readonly suffix: string;
}

const scales = (base: number, suffixes: readonly string[]): Scale[] =>
  suffixes.map((suffix, power) => ({ factor: base ** power, suffix }));

/** Ascending. Small ratios stay plain numbers without a unit: `0.002` says more than `2m`. */
const SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  none: scales(1000, ['', 'k', 'M', 'G', 'T', 'P', 'E']),
  percent: [{ factor: 0.01, suffix: '%' }],
  bytes: scales(1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']),
  seconds: [
    { factor: 1e-9, suffix: 'ns' },
    { factor: 1e-6, suffix: 'µs' },
    { factor: 1e-3, suffix: 'ms' },
    { factor: 1, suffix: 's' },
    { factor: 60, suffix: 'min' },
    { factor: 3600, suffix: 'h' },
    { factor: 86_400, suffix: 'd' },
  ],
};

/** The scale in which the size has one to three digits before the point. */
export function scaleFor(unit: Unit, size: number): Scale {
  const candidates = SCALES[unit];
  const base = candidates.find(({ factor }) => factor === 1) ?? candidates[0]!;
  if (size === 0) return base;
  return candidates.findLast(({ factor }) => size >= factor) ?? candidates[0]!;
}

/** Beyond these, exponents are shorter. */
const SMALLEST_PLAIN = 1e-5;
const LARGEST_PLAIN = 1e6;
const SIGNIFICANT_DIGITS = 4;

/** A value for people: four significant digits and the unit. */
export function formatValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const { factor, suffix } = scaleFor(unit, Math.abs(value));
  const scaled = value / factor;
  const size = Math.abs(scaled);
  const isPlain = size === 0 || (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN);
  const rounded = Number(scaled.toPrecision(SIGNIFICANT_DIGITS));
  const text = isPlain ? String(rounded) : rounded.toExponential();
  return text + suffix;
}
