import { goQuote, type Milliseconds, toSeconds } from '../core/index.ts';
import type { SampleStatistics } from '../promql/index.ts';

/** How long the parts of a query took. */
export interface QueryTimings {
  /** Waiting for a thread. */
  readonly queued: Milliseconds;
  readonly preparing: Milliseconds;
  readonly evaluating: Milliseconds;
}

/** The value of `stats` that asks for the figures of each step too. */
const WITH_STEPS = 'all';
const WANTED: readonly string[] = ['true', WITH_STEPS];

/** A value of `stats` that Prometheus will not take for ever, in its words; undefined for one that is fine. */
export const statsWarning = (value: string): string | undefined =>
  value === '' || WANTED.includes(value)
    ? undefined
    : `value ${goQuote(value)} for parameter "stats" is deprecated and will be rejected in the next major release, use "true" or "all"`;

/**
 * The `stats` of an answer (util/stats NewQueryStats). The order of results costs no time of its own here.
 *
 * @param perStep whether the feature that gives figures by step is on
 */
export function statsView(
  samples: SampleStatistics,
  { queued, preparing, evaluating }: QueryTimings,
  value: string,
  perStep: boolean,
) {
  const withSteps = perStep && value === WITH_STEPS;
  return {
    timings: {
      evalTotalTime: toSeconds(preparing + evaluating),
      resultSortTime: 0,
      queryPreparationTime: toSeconds(preparing),
      innerEvalTime: toSeconds(evaluating),
      execQueueTime: toSeconds(queued),
      execTotalTime: toSeconds(queued + preparing + evaluating),
    },
    samples: {
      ...(withSteps && { totalQueryableSamplesPerStep: samples.totalPerStep.map(inSeconds) }),
      totalQueryableSamples: samples.totalQueryableSamples,
      ...(withSteps && { samplesReadPerStep: samples.readPerStep.map(inSeconds) }),
      samplesRead: samples.samplesRead,
      seriesTouched: samples.seriesTouched,
      peakSamples: samples.peakSamples,
    },
  };
}

const inSeconds = ([at, samples]: readonly [Milliseconds, number]) => [toSeconds(at), samples];
