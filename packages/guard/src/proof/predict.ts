import { type Milliseconds, type Ratio, type Seconds, toSeconds } from '../core/index.ts';
import {
  type Bounds,
  notifiedAfter,
  type PipelineDelays,
  predictDetection,
  predictReset,
  resolvedAfter,
} from '../slo/index.ts';
import type { Baseline } from './baseline.ts';
import type { DetectionStage, OnsetStage, RecoveryStage } from './stages.ts';

/** The course of a drill's fault: steady traffic, of which a share fails from the fault's start on. */
export interface FaultCourse {
  readonly baseline: Baseline;
  /** Healthy traffic before the fault, in seconds at the drill's request rate. */
  readonly healthySeconds: Seconds;
  readonly errorRatio: Ratio;
  readonly requestsPerSecond: number;
}

/** What the hops cost beside their intervals: HTTP calls, and the drill's own polling. */
export const HOP_SLACK: Milliseconds = 1000;
/** How improbable it is that no request fails for longer than predicted. */
const IMPROBABLE = 0.001;

/** When each stage comes, in seconds after the fault was set. */
export function predictOnset({
  errorRatio,
  requestsPerSecond,
}: FaultCourse): Readonly<Record<OnsetStage, Bounds>> {
  // n independent requests all succeed with probability (1 − e)^n; the first is on its way within 1 / rate.
  const requests = errorRatio >= 1 ? 1 : Math.log(IMPROBABLE) / Math.log(1 - errorRatio);
  return {
    'failing responses': { earliest: 0, latest: requests / requestsPerSecond + toSeconds(HOP_SLACK) },
  };
}

/** When each stage comes, in seconds after the first failing response; infinite where the alert must stay silent. */
export function predictDetectionStages(course: FaultCourse): Readonly<Record<DetectionStage, Bounds>> {
  const delays = withSlack(course.baseline.delays);
  const detection = predictDetection({ ...course.baseline.alert, ...course });
  const crossesAfter = detection.outcome === 'fires' ? detection.crossesAfter : Number.POSITIVE_INFINITY;
  const evaluated = notifiedAfter(crossesAfter, { ...delays, groupWait: 0 });
  return {
    'samples scraped': { earliest: 0, latest: toSeconds(delays.scrapeInterval + HOP_SLACK) },
    'burn over threshold': evaluated,
    'alert firing': evaluated,
    'at Alertmanager': evaluated,
    'page delivered': notifiedAfter(crossesAfter, delays),
  };
}

export interface RecoveryCourse extends FaultCourse {
  /** From the first failing response until the fault was removed. */
  readonly faultSeconds: Seconds;
  /** From the delivered page until the fault was removed. */
  readonly pagedSeconds: Seconds;
}

/** When each stage comes, in seconds after the fault was removed. */
export function predictRecoveryStages(course: RecoveryCourse): Readonly<Record<RecoveryStage, Bounds>> {
  const delays = withSlack(course.baseline.delays);
  const { clearsAfter } = predictReset({ ...course.baseline.alert, ...course });
  // The windows end at the last scrape, so the failures in them may be up to a scrape older than the fault's end.
  const earliest = Math.max(0, clearsAfter - toSeconds(delays.scrapeInterval));
  const evaluated = { ...resolvedAfter(clearsAfter, { ...delays, groupInterval: 0 }), earliest };
  const tick = (after: Seconds) => nextFlush(after, course.pagedSeconds, delays.groupInterval);
  return {
    'burn below threshold': evaluated,
    'alert resolved': evaluated,
    'resolve delivered': {
      earliest: Math.max(earliest, tick(earliest) - toSeconds(HOP_SLACK)),
      latest: Math.min(
        tick(evaluated.latest) + toSeconds(HOP_SLACK),
        resolvedAfter(clearsAfter, delays).latest,
      ),
    },
  };
}

/** A group is flushed when it pages and every group_interval from then on: the first such instant not before `after`. */
function nextFlush(after: Seconds, pagedSeconds: Seconds, groupInterval: Milliseconds): Seconds {
  const interval = toSeconds(groupInterval);
  if (interval === 0) return after;
  return Math.ceil((after + pagedSeconds) / interval) * interval - pagedSeconds;
}

const withSlack = (delays: PipelineDelays): PipelineDelays => ({
  ...delays,
  evaluationInterval: delays.evaluationInterval + HOP_SLACK,
});
