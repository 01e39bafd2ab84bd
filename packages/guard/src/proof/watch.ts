import type { Clock, Milliseconds, Seconds } from '../core/index.ts';
import { isLasting } from './causes.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { PROBES, type ProbeContext, type Stage } from './stages.ts';

/** How often the stack is asked while a stage is awaited. */
export const POLL: Milliseconds = 200;
/** How much later than predicted a stage must be before the hop before it is looked at, and how often that is done. */
const OVERDUE: Milliseconds = 5_000;

export interface WatchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
  readonly context: ProbeContext;
}

/** Stages to wait for, in the order in which each needs the one before. */
export interface Awaited<S extends Stage> {
  readonly stages: readonly S[];
  /** When each is predicted at the latest, in seconds from now; infinite where it is not predicted. */
  readonly due: Readonly<Record<S, Seconds>>;
  /** How long to wait at most. */
  readonly limit: Milliseconds;
}

export interface Watched {
  /** First sightings by the monotonic clock. */
  readonly seen: ReadonlyMap<Stage, Milliseconds>;
  /** Why the rest was not waited for: a hop that does not mend itself. */
  readonly broken: Diagnosis | undefined;
}

/**
 * Asks for every stage again and again, until all have come, the time is over, or an overdue one is found to be missing
 * for a cause that lasts. Each stage is asked for on its own, the next time after the last answer: a part that hangs
 * delays no other, and requests never pile up.
 *
 * Rejects with the signal's reason when aborted.
 */
export async function watch<S extends Stage>(
  { stages, due, limit }: Awaited<S>,
  { clock, signal, onProgress, context }: WatchOptions,
): Promise<Watched> {
  const seen = new Map<Stage, Milliseconds>();
  const startedAt = clock.monotonic();
  let broken: Diagnosis | undefined;
  const goesOn = () => broken === undefined && clock.monotonic() < startedAt + limit;
  const awaitStage = async (stage: S) => {
    while (goesOn()) {
      // A part that does not answer now may answer at the next turn; if it never does, the stage is missing.
      if (await PROBES[stage](context).catch(() => false)) {
        seen.set(stage, clock.monotonic());
        onProgress(stage);
        return;
      }
      await clock.sleep(POLL, signal);
    }
  };
  const lookAtOverdue = async () => {
    for (;;) {
      const next = stages.find(stage => !seen.has(stage));
      if (next === undefined || !goesOn()) return;
      const overdueAt = startedAt + due[next] * 1000 + OVERDUE;
      if (clock.monotonic() < overdueAt) {
        await clock.sleep(POLL, signal);
        continue;
      }
      const diagnosis = await diagnose(next, context);
      if (isLasting(diagnosis.cause) && !seen.has(next)) broken = diagnosis;
      else await clock.sleep(OVERDUE, signal);
    }
  };
  await Promise.all([...stages.map(awaitStage), lookAtOverdue()]);
  return { seen, broken };
}
