import { type Milliseconds, type Seconds, toSeconds } from '../core/index.ts';
import type { Bounds } from '../slo/index.ts';
import { brokenHop, type Diagnosis, diagnose } from './diagnose.ts';
import type { PageExpectation } from './drill-file.ts';
import { describeFault, type Fault } from './fault.ts';
import {
  type FaultCourse,
  HOP_SLACK,
  predictDetectionStages,
  predictOnset,
  predictRecoveryStages,
} from './predict.ts';
import { type Figure, type Outcome, type Phase, resultsOf } from './report-model.ts';
import { DETECTION, failureCounts, ONSET, RECOVERY, type Stage } from './stages.ts';
import { type WatchOptions, watch } from './watch.ts';

export interface PageProofOptions extends WatchOptions {
  readonly fault: Fault;
  readonly expect: PageExpectation;
  readonly course: FaultCourse;
}

/** What a stage may come later than its bound before it is given up. */
export const GRACE: Milliseconds = 15_000;

type Sightings = ReadonlyMap<Stage, Milliseconds>;

/** Sets the fault and waits for the page; removes it and waits for the all-clear. */
export async function provePage(options: PageProofOptions): Promise<Outcome> {
  const { clock, fault, expect, context, course, onProgress } = options;
  const state = await fault.inject();
  const setAt = clock.monotonic();
  onProgress(`fault active: ${describeFault(state)}`);
  const predictedOnset = predictOnset(course);
  const predicted = predictDetectionStages(course);
  const { seen: broken, broken: known } = await watch(
    {
      stages: [...ONSET, ...DETECTION],
      due: {
        ...latestOf(predictedOnset),
        ...latestOf(predicted, predictedOnset['failing responses'].latest),
      },
      limit: expect.within + GRACE,
    },
    options,
  );
  const firstFailure = context.traffic.counts().firstFailureAt ?? setAt;
  const onset = new Map(broken).set('failing responses', firstFailure);
  const detection: Phase[] = [
    {
      since: 'the fault was set',
      stages: resultsOf(ONSET, broken.has('failing responses') ? onset : broken, setAt, predictedOnset),
    },
    {
      since: 'the first failing response',
      stages: resultsOf(DETECTION, broken, firstFailure, predicted),
    },
  ];
  const missing = [...ONSET, ...DETECTION].find(stage => !broken.has(stage));
  if (missing) return brokenAt(known ?? (await diagnose(missing, context)), detection);

  const problem = await fault.remove();
  if (problem !== undefined) return failedWith(problem, detection);
  const removedAt = clock.monotonic();
  onProgress('fault removed');
  const predictedRecovery = predictRecoveryStages({
    ...course,
    faultSeconds: toSeconds(removedAt - firstFailure),
    pagedSeconds: toSeconds(removedAt - broken.get('page delivered')!),
  });
  // What failed before the page came says nothing of the all-clear.
  const recovering = { ...context, failedBefore: await failureCounts(context.client) };
  const { seen: healed, broken: stuck } = await watch(
    { stages: RECOVERY, due: latestOf(predictedRecovery), limit: expect.resolved_within + GRACE },
    { ...options, context: recovering },
  );
  const phases: Phase[] = [
    ...detection,
    { since: 'the fault was removed', stages: resultsOf(RECOVERY, healed, removedAt, predictedRecovery) },
  ];
  const absent = RECOVERY.find(stage => !healed.has(stage));
  if (absent) return brokenAt(stuck ?? (await diagnose(absent, recovering)), phases);
  const figures = figuresOf(options, broken, healed, firstFailure, removedAt);
  return { phases, figures, failures: [], diagnosis: undefined, notes: [] };
}

/** The latest instants of predictions, so many seconds later. */
const latestOf = <S extends Stage>(predictions: Readonly<Record<S, Bounds>>, later: Seconds = 0) =>
  Object.fromEntries(
    Object.entries<Bounds>(predictions).map(([stage, { latest }]) => [stage, latest + later]),
  ) as Record<S, Seconds>;

const brokenAt = (diagnosis: Diagnosis, phases: readonly Phase[]): Outcome => ({
  ...failedWith(brokenHop(`"${diagnosis.stage}" did not come`, diagnosis), phases),
  diagnosis,
});

const failedWith = (failure: string, phases: readonly Phase[]): Outcome => ({
  phases,
  figures: [],
  failures: [failure],
  diagnosis: undefined,
  notes: [],
});

function figuresOf(
  { expect, course }: PageProofOptions,
  broken: Sightings,
  healed: Sightings,
  firstFailure: Milliseconds,
  removedAt: Milliseconds,
): Figure[] {
  const { scrapeInterval, evaluationInterval, groupInterval } = course.baseline.delays;
  const resolved = healed.get('resolve delivered')!;
  return [
    {
      name: 'first failing response to page',
      measured: toSeconds(broken.get('page delivered')! - firstFailure),
      bound: toSeconds(expect.within),
      why: 'the drill file: within',
    },
    {
      name: 'fault removed to resolve',
      measured: toSeconds(resolved - removedAt),
      bound: toSeconds(expect.resolved_within),
      why: 'the drill file: resolved_within',
    },
    {
      name: 'window cleared to resolve',
      // Stages are polled side by side, so one that follows at once may be seen first.
      measured: toSeconds(Math.max(0, resolved - healed.get('burn below threshold')!)),
      bound: toSeconds(scrapeInterval + evaluationInterval + groupInterval + HOP_SLACK),
      why: 'scrape + evaluation + group_interval + 1 s',
    },
  ];
}
