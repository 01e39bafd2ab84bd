import { type Milliseconds, type Seconds, toSeconds } from '../core/index.ts';
import {
  type Bounds,
  notifiedAfter,
  type PipelineDelays,
  predictDetection,
  predictReset,
  resolvedAfter,
} from '../slo/index.ts';
import type { Baseline } from './baseline.ts';
import type { DetectionStage, RecoveryStage } from './stages.ts';

/** The course of a drill's fault: steady traffic, of which a share fails from the fault's start on. */
export interface FaultCourse {
  readonly baseline: Baseline;
  /** Healthy traffic before the fault, in seconds at the drill's request rate. */
  readonly healthySeconds: Seconds;
  readonly errorRatio: number;
}

/** What each hop may cost beside its interval: HTTP calls, and the drill's own polling. */
const HOP_SLACK: Milliseconds = 1000;

/** When each stage comes, in seconds after the first failing response. */
export function predictDetectionStages(course: FaultCourse): Readonly<Record<DetectionStage, Bounds>> {
  const delays = withSlack(course.baseline.delays);
  const detection = predictDetection({ ...course.baseline.alert, ...course });
  const crossesAfter = detection.outcome === 'fires' ? detection.crossesAfter : Number.POSITIVE_INFINITY;
  const evaluated = notifiedAfter(crossesAfter, { ...delays, groupWait: 0 });
  return {
    'failing responses': { earliest: 0, latest: 0 },
    'samples scraped': { earliest: 0, latest: toSeconds(delays.scrapeInterval) },
    'burn over threshold': evaluated,
    'alert firing': evaluated,
    'at Alertmanager': evaluated,
    'page delivered': notifiedAfter(crossesAfter, delays),
  };
}

/** When each stage comes, in seconds after the fault was removed. */
export function predictRecoveryStages(
  course: FaultCourse,
  faultSeconds: Seconds,
): Readonly<Record<RecoveryStage, Bounds>> {
  const delays = withSlack(course.baseline.delays);
  const { clearsAfter } = predictReset({ ...course.baseline.alert, ...course, faultSeconds });
  // The last failures may have been scraped up to a scrape earlier than the fault ended.
  const seen = Math.max(0, clearsAfter - toSeconds(delays.scrapeInterval));
  const evaluated = { ...resolvedAfter(clearsAfter, { ...delays, groupInterval: 0 }), earliest: seen };
  return {
    'burn below threshold': evaluated,
    'alert resolved': evaluated,
    'resolve delivered': { ...resolvedAfter(clearsAfter, delays), earliest: seen },
  };
}

const withSlack = (delays: PipelineDelays): PipelineDelays => ({
  ...delays,
  evaluationInterval: delays.evaluationInterval + HOP_SLACK,
});
