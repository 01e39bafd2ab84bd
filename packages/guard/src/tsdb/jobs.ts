import { UserError } from '../core/index.ts';

/** Long work of the store, one piece after the other, with everything else of the thread running between slices. */
export interface Jobs {
  /** Begins when all jobs before have ended. @throws UserError `store-closed` when the store is closed by then. */
  run<Result>(job: () => Promise<Result>): Promise<Result>;
  /** Ends a slice of a job. @throws UserError `store-closed`, as above; the job then ends. */
  pause(): Promise<void>;
  /** Jobs end at their next pause. */
  close(): void;
}

export function createJobs(): Jobs {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  function checkOpen(): void {
    if (closed) throw new UserError('store-closed', 'the sample store was closed before this was done');
  }

  return {
    run(job) {
      const result = last.then(() => {
        checkOpen();
        return job();
      });
      last = result.catch(() => {});
      return result;
    },
    async pause() {
      await new Promise<void>(resolve => setImmediate(resolve));
      checkOpen();
    },
    close() {
      closed = true;
    },
  };
}
