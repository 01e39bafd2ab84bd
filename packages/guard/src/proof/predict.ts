import type { Ratio, Seconds } from '../core/index.ts';

/** An error ratio at which an alert's window crosses, with the window's length. */
export interface WindowThreshold {
  readonly window: Seconds;
  /** burn rate × (1 − objective) */
  readonly threshold: Ratio;
}

/** Steady traffic with a fault: H seconds healthy, then a share of the requests fails. */
export interface FaultCourse {
  /** Healthy traffic before the fault, as seconds at the present request rate. */
  readonly healthy: Seconds;
  /** Share of requests that fail while the fault lasts. */
  readonly errorRatio: Ratio;
}

/**
 * Seconds from the first failure until the error ratio over the window exceeds the threshold: min(θ·W/e, θ·H/(e − θ)).
 * Infinity when it never does. From the SRE Workbook's detection time (chapter 5), with a window that is not full yet.
 */
export function secondsToCross(
  { window, threshold }: WindowThreshold,
  { healthy, errorRatio }: FaultCourse,
): Seconds {
  if (errorRatio <= threshold) return Number.POSITIVE_INFINITY;
  return Math.min(
    (threshold * window) / errorRatio,
    (threshold * Math.min(healthy, window)) / (errorRatio - threshold),
  );
}

/**
 * Seconds from the removed fault until the error ratio over the window is at most the threshold, when the fault
 * lasted `faulty` seconds and traffic goes on: diluted while the window is not full, then by the failures that leave it.
 */
export function secondsToClear(
  { window, threshold }: WindowThreshold,
  { healthy, errorRatio }: FaultCourse,
  faulty: Seconds,
): Seconds {
  const before = Math.min(healthy, Math.max(0, window - faulty));
  const bad = errorRatio * Math.min(faulty, window);
  const diluted = bad / threshold - before - Math.min(faulty, window);
  if (diluted <= 0) return 0;
  // The healthy start leaves the window first, so dilution ends when healthy + faulty + t fills it.
  if (healthy + faulty + diluted <= window) return diluted;
  return Math.max(0, window * (1 - threshold / errorRatio), window - healthy - faulty);
}

/** How long the parts between a fault and a page may each add. */
export interface HopTimes {
  readonly scrape: Seconds;
  readonly evaluation: Seconds;
  readonly groupWait: Seconds;
  readonly groupInterval: Seconds;
}

/** Earliest and latest, in seconds after the phase's start. */
export interface Prediction {
  readonly earliest: Seconds;
  readonly latest: Seconds;
}
