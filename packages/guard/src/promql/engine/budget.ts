import { executionError } from '../errors.ts';

/** Why a caller wants a query stopped. */
export type Interruption = 'timeout' | 'canceled';

/** Asked every few thousand samples; an answer ends the query. */
export type InterruptCheck = () => Interruption | undefined;

/** Keeps a query within its memory and its time. */
export interface Budget {
  /**
   * Refuses an evaluation of so many steps before memory is taken for them all at once: one series alone could hold more
   * samples than are allowed. @throws UserError `promql-too-many-samples`
   */
  allowSteps(steps: number): void;
  /** Counts samples that are held until `release`. @throws UserError `promql-too-many-samples` */
  hold(samples: number): void;
  release(samples: number): void;
  /** The most samples that were held at a time. */
  peak(): number;
  /** Counts work. @throws UserError `promql-timeout`, `promql-canceled` */
  work(samples: number): void;
}

const CHECK_EVERY = 5000;

export function createBudget(maxSamples: number, interrupted: InterruptCheck | undefined): Budget {
  let held = 0;
  let peak = 0;
  let untilCheck = 0;
  const refuseBeyond = (samples: number) => {
    if (samples > maxSamples)
      throw executionError(
        'promql-too-many-samples',
        `query processing would load too many samples into memory in query execution (the limit is ${maxSamples})`,
      );
  };
  return {
    allowSteps: refuseBeyond,
    hold(samples) {
      held += samples;
      if (held > peak) peak = held;
      refuseBeyond(held);
    },
    release(samples) {
      held -= samples;
    },
    peak: () => peak,
    work(samples) {
      untilCheck -= samples;
      if (untilCheck > 0 || !interrupted) return;
      untilCheck = CHECK_EVERY;
      const reason = interrupted();
      if (reason === 'timeout')
        throw executionError('promql-timeout', 'query timed out in expression evaluation');
      if (reason === 'canceled')
        throw executionError('promql-canceled', 'query was canceled in expression evaluation');
    },
  };
}
