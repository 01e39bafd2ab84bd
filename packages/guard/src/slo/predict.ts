import { type Milliseconds, type Ratio, type Seconds, toSeconds } from '../core/index.ts';
import { errorRatioThreshold } from './budget.ts';

/** One alert of an objective, and the traffic that it sees: steady, healthy for a while, then failing in part. */
export interface DetectionCase {
  readonly objective: Ratio;
  /** The tier's burn-rate threshold. */
  readonly burn: number;
  readonly shortWindow: Milliseconds;
  readonly longWindow: Milliseconds;
  /** Share of requests that fail from the fault's start on. */
  readonly errorRatio: Ratio;
  /** Steady healthy traffic before the fault; none counts before that. */
  readonly healthySeconds: Seconds;
}

/** What the hops behind the windows add, each at most once. */
export interface PipelineDelays {
  readonly scrapeInterval: Milliseconds;
  readonly evaluationInterval: Milliseconds;
  readonly groupWait: Milliseconds;
  readonly groupInterval: Milliseconds;
}

export type Detection =
  /** The error ratio is not above burn × (1 − objective): neither window is ever crossed. */
  | { readonly outcome: 'never'; readonly threshold: Ratio }
  | {
      readonly outcome: 'fires';
      readonly threshold: Ratio;
      /** From the fault's first failure until each window's ratio exceeds the threshold. */
      readonly shortSeconds: Seconds;
      readonly longSeconds: Seconds;
      /** The later of the two: the pair is true from then on. */
      readonly crossesAfter: Seconds;
    };

/**
 * When a burn-rate pair becomes true under a constant error ratio e.
 *
 * With θ = burn × (1 − objective), a full window W is crossed after θ·W/e (SRE Workbook, chapter 5, "detection time").
 * Before the window is full its ratio is e·t / (H + t) with H seconds of healthy traffic, which exceeds θ after
 * θ·H / (e − θ); whichever comes first holds. Assumes steady traffic and continuous sampling: `notifiedAfter` adds hops.
 */
export function predictDetection(situation: DetectionCase): Detection {
  const { objective, burn, errorRatio, healthySeconds } = situation;
  const threshold = errorRatioThreshold(objective, burn);
  if (errorRatio <= threshold) return { outcome: 'never', threshold };
  const crossing = (window: Milliseconds): Seconds =>
    Math.min(
      (threshold * toSeconds(window)) / errorRatio,
      (threshold * healthySeconds) / (errorRatio - threshold),
    );
  const shortSeconds = crossing(situation.shortWindow);
  const longSeconds = crossing(situation.longWindow);
  const crossesAfter = Math.max(shortSeconds, longSeconds);
  return { outcome: 'fires', threshold, shortSeconds, longSeconds, crossesAfter };
}

/** Earliest and latest instant, in seconds after the fault's start or end. */
export interface Bounds {
  readonly earliest: Seconds;
  readonly latest: Seconds;
}

/** When the first notification leaves: the crossing and group_wait, then at most a scrape and an evaluation more. */
export function notifiedAfter(crossesAfter: Seconds, delays: PipelineDelays): Bounds {
  const earliest = crossesAfter + toSeconds(delays.groupWait);
  return { earliest, latest: earliest + toSeconds(delays.scrapeInterval + delays.evaluationInterval) };
}

export interface ResetCase extends DetectionCase {
  /** How long the fault lasted. */
  readonly faultSeconds: Seconds;
}

export interface Reset {
  /** From the fault's end until each window's ratio is at most the threshold; 0 when it never exceeded it. */
  readonly shortSeconds: Seconds;
  readonly longSeconds: Seconds;
  /** The sooner of the two: either one ends the pair. */
  readonly clearsAfter: Seconds;
}

/**
 * When a burn-rate pair becomes false after the fault has ended, healthy traffic going on at the same rate.
 *
 * r seconds after a fault of D seconds that H healthy seconds preceded, a window W holds e·min(D, W − r) failures among
 * min(W, H + D + r) requests. For a full window and D ≥ W that is at most θ from r = W·(1 − θ/e) on (SRE Workbook,
 * chapter 5, "reset time"); a window that is not full yet also clears by dilution.
 */
export function predictReset(situation: ResetCase): Reset {
  const { objective, burn, errorRatio, healthySeconds, faultSeconds } = situation;
  const threshold = errorRatioThreshold(objective, burn);
  const clearing = (window: Milliseconds): Seconds => {
    const failures = errorRatio * faultSeconds;
    const length = toSeconds(window);
    const before = healthySeconds + faultSeconds;
    // Failures ≤ θ · requests must hold for both lengths of which the smaller counts as the requests, and for each
    // either of the two terms of which the smaller counts as the failures.
    const whenFull = failures <= threshold * length ? 0 : length * (1 - threshold / errorRatio);
    const whenGrowing = Math.min(
      failures / threshold - before,
      (errorRatio * length - threshold * before) / (errorRatio + threshold),
    );
    return Math.max(0, whenFull, whenGrowing);
  };
  const shortSeconds = clearing(situation.shortWindow);
  const longSeconds = clearing(situation.longWindow);
  return { shortSeconds, longSeconds, clearsAfter: Math.min(shortSeconds, longSeconds) };
}

/** When the resolved notification leaves: the group's next tick after scrape and evaluation have seen the reset. */
export function resolvedAfter(clearsAfter: Seconds, delays: PipelineDelays): Bounds {
  const hops = delays.scrapeInterval + delays.evaluationInterval + delays.groupInterval;
  return { earliest: clearsAfter, latest: clearsAfter + toSeconds(hops) };
}
