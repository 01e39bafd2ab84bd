import { type Milliseconds, milliseconds, toSeconds } from '../../core/index.ts';

/** One of Pyrra's four alerts (slo/rules.go, `Windows`). */
export interface PyrraWindow {
  readonly severity: 'critical' | 'warning';
  readonly for: Milliseconds;
  readonly long: Milliseconds;
  readonly short: Milliseconds;
  readonly factor: number;
}

/** By what the window of 28 days is divided to get each length. */
const DIVISORS = [
  { severity: 'critical', for: 20_160, long: 672, short: 8_064, factor: 14 },
  { severity: 'critical', for: 2_688, long: 112, short: 1_344, factor: 7 },
  { severity: 'warning', for: 672, long: 28, short: 336, factor: 2 },
  { severity: 'warning', for: 224, long: 7, short: 112, factor: 1 },
] as const;

const MINUTE = 60_000_000_000n;

/** Whole minutes of a part of the window, the division in nanoseconds as Go's; short windows come to 0. */
function part(window: Milliseconds, divisor: number): Milliseconds {
  const length = (BigInt(window) * 1_000_000n) / BigInt(divisor);
  const rest = length % MINUTE;
  const rounded = rest * 2n < MINUTE ? length - rest : length - rest + MINUTE;
  return milliseconds(Number(rounded / 1_000_000n));
}

/** The alerts of an objective over `window`, the fastest first. */
export const windowsFor = (window: Milliseconds): PyrraWindow[] =>
  DIVISORS.map(({ severity, factor, ...divisors }) => ({
    severity,
    factor,
    for: part(window, divisors.for),
    long: part(window, divisors.long),
    short: part(window, divisors.short),
  }));

interface Target {
  /** Percent. */
  readonly target: number;
  readonly window: Milliseconds;
}

/**
 * How long a metric must be missing before the alert: until the fastest alert would fire were everything failing, and
 * its `for` (slo/slo.go, `AbsentDuration`).
 */
export function absentAfter({ target, window }: Target): Milliseconds {
  const [fastest] = windowsFor(window) as [PyrraWindow, ...PyrraWindow[]];
  const threshold = fastest.factor * (1 - target / 100);
  const untilFiring = Math.trunc(threshold * toSeconds(fastest.long)) * 1000;
  return part(milliseconds(untilFiring + fastest.for), 1);
}
