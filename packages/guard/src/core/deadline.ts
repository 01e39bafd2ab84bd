import type { Clock } from './clock.ts';
import type { Milliseconds } from './units.ts';

export interface Deadline {
  readonly clock: Clock;
  /** Undefined: only `ending` ends it. */
  readonly limit: Milliseconds | undefined;
  /** What the task is ended with when the limit has passed. */
  readonly tooLate: () => Error;
  /** Ends the task before; undefined: nothing does. It outlives many tasks, so nothing of theirs may stay attached to it. */
  readonly ending: AbortSignal | undefined;
}

/**
 * Runs a task whose signal is aborted at the deadline. Rejects then even if the task does not heed it: a transport that
 * hangs must not hold up its target for ever.
 */
export async function withDeadline<T>(
  { clock, limit, tooLate, ending }: Deadline,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  ending?.throwIfAborted();
  const controller = new AbortController();
  const { signal } = controller;
  const end = () => controller.abort(ending?.reason);
  ending?.addEventListener('abort', end, { once: true });
  const timer = limit === undefined ? undefined : clock.after(limit, () => controller.abort(tooLate()));
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
  try {
    return await Promise.race([task(signal), aborted]);
  } finally {
    timer?.cancel();
    ending?.removeEventListener('abort', end);
  }
}
