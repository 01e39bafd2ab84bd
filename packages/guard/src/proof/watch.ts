import type { Clock, Milliseconds } from '../core/index.ts';
import { PROBES, type ProbeContext, type Stage } from './stages.ts';

/** How often the stack is asked while a stage is awaited. */
export const POLL: Milliseconds = 200;

export interface WatchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
  readonly context: ProbeContext;
}

/**
 * Asks for every stage again and again, until all have come or the time is over. Gives each first sighting by the
 * monotonic clock. Each stage is asked for on its own, the next time after the last answer: a part that hangs delays
 * no other, and requests never pile up.
 *
 * Rejects with the signal's reason when aborted.
 */
export async function watch<S extends Stage>(
  stages: readonly S[],
  limit: Milliseconds,
  { clock, signal, onProgress, context }: WatchOptions,
): Promise<ReadonlyMap<Stage, Milliseconds>> {
  const seen = new Map<Stage, Milliseconds>();
  const until = clock.monotonic() + limit;
  const awaitStage = async (stage: S) => {
    while (clock.monotonic() < until) {
      // A part that does not answer now may answer at the next turn; if it never does, the stage is missing.
      if (await PROBES[stage](context).catch(() => false)) {
        seen.set(stage, clock.monotonic());
        onProgress(stage);
        return;
      }
      await clock.sleep(POLL, signal);
    }
  };
  await Promise.all(stages.map(awaitStage));
  return seen;
}
