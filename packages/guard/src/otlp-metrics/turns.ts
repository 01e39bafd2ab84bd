import { setImmediate as turnOfOthers } from 'node:timers/promises';

/** Runs work one after another, and in steps, so that none holds up the thread for long. */
export interface Turns {
  /** Runs `work` once all that was given before is done. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Takes all steps, with a turn of others in between; `afterStep` is called before each of these. */
  finish(steps: Generator<undefined, void>, afterStep: () => void): Promise<void>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const result = last.then(work);
      last = result.catch(() => {});
      return result;
    },
    async finish(steps, afterStep) {
      while (steps.next().done !== true) {
        afterStep();
        await turnOfOthers();
      }
    },
  };
}
