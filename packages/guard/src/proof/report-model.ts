import type { Milliseconds, Seconds } from '../core/index.ts';
import type { Bounds } from '../slo/index.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Stage } from './stages.ts';

/** One hop: when it was passed, in seconds since its phase's origin, beside the prediction. */
export interface StageResult {
  readonly stage: Stage;
  readonly measured: Seconds | undefined;
  readonly predicted: Bounds;
}

/** Stages that are measured from the same instant. */
export interface Phase {
  readonly since: 'the fault was set' | 'the first failing response' | 'the fault was removed';
  readonly stages: readonly StageResult[];
}

/** A number that the drill is made for, and the bound that it must keep. */
export interface Figure {
  readonly name: string;
  readonly measured: Seconds;
  readonly bound: Seconds;
  /** What the bound consists of. */
  readonly why: string;
}

/** What a proof gives; the drill adds what holds for every kind of proof. */
export interface Outcome {
  readonly phases: readonly Phase[];
  readonly figures: readonly Figure[];
  /** Why it failed; empty when it passed. */
  readonly failures: readonly string[];
  readonly diagnosis: Diagnosis | undefined;
  /** Facts worth knowing beside the verdict. */
  readonly notes: readonly string[];
}

export interface DrillReport extends Outcome {
  readonly drill: string;
  readonly passed: boolean;
  /** Unix milliseconds. */
  readonly startedAt: Milliseconds;
  readonly durationSeconds: Seconds;
}

export const isKept = ({ measured, bound }: Figure): boolean => measured <= bound;

/** The stages' first sightings as seconds since the origin; both by the monotonic clock. */
export function resultsOf<S extends Stage>(
  stages: readonly S[],
  seen: ReadonlyMap<Stage, Milliseconds>,
  origin: Milliseconds,
  predictions: Readonly<Record<S, Bounds>>,
): StageResult[] {
  return stages.map(stage => {
    const at = seen.get(stage);
    const measured = at === undefined ? undefined : Math.max(0, at - origin) / 1000;
    return { stage, predicted: predictions[stage], measured };
  });
}
