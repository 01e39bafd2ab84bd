import { type Milliseconds, toSeconds } from '../core/index.ts';
import { diagnose } from './diagnose.ts';
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
import { DETECTION, ONSET, RECOVERY, type Stage } from './stages.ts';
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
  const broken = await watch([...ONSET, ...DETECTION], expect.within + GRACE, options);
  const firstFailure = context.traffic.counts().firstFailureAt ?? setAt;
  const onset = new Map(broken).set('failing responses', firstFailure);
  const detection: Phase[] = [
    {
      since: 'the fault was set',
      stages: resultsOf(ONSET, broken.has('failing responses') ? onset : broken, setAt, predictOnset(course)),
    },
    {
      since: 'the first failing response',
      stages: resultsOf(DETECTION, broken, firstFailure, predictDetectionStages(course)),
    },
  ];
  const missing = [...ONSET, ...DETECTION].find(stage => !broken.has(stage));
  if (missing) return brokenAt(missing, detection, options);

  const problem = await fault.remove();
  if (problem !== undefined) return failedWith(problem, detection);
  const removedAt = clock.monotonic();
  onProgress('fault removed');
  const healed = await watch(RECOVERY, expect.resolved_within + GRACE, options);
  const since = (at: Milliseconds) => toSeconds(removedAt - at);
  const predicted = predictRecoveryStages({
    ...course,
    faultSeconds: since(firstFailure),
    pagedSeconds: since(broken.get('page delivered')!),
  });
  const phases: Phase[] = [
    ...detection,
    { since: 'the fault was removed', stages: resultsOf(RECOVERY, healed, removedAt, predicted) },
  ];
  const absent = RECOVERY.find(stage => !healed.has(stage));
  if (absent) return brokenAt(absent, phases, options);
  const figures = figuresOf(options, broken, healed, firstFailure, removedAt);
  return { phases, figures, failures: [], diagnosis: undefined, notes: [] };
}

async function brokenAt(
  stage: Stage,
  phases: readonly Phase[],
  { context }: PageProofOptions,
): Promise<Outcome> {
  const diagnosis = await diagnose(stage, context);
  const failure = `"${stage}" did not come; broken hop: ${diagnosis.hop} (${diagnosis.cause})`;
  return { ...failedWith(failure, phases), diagnosis };
}

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
