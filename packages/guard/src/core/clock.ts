import type { Milliseconds } from './units.ts';

/** A timer that can be taken back. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time. Passed in everywhere, so that the same code runs live and in simulation.
 * `now` may step when the machine's clock is set; `monotonic` never goes back and has no meaning across processes.
 */
export interface Clock {
  /** Unix time, integer milliseconds. */
  now(): Milliseconds;
  /** Time since an arbitrary origin, fractional milliseconds. */
  monotonic(): Milliseconds;
  /** Runs `task` once after `delay` (at least 0); keeps the process alive until then. */
  after(delay: Milliseconds, task: () => void): Timer;
  /** Resolves after `delay`; rejects with the signal's reason when aborted. */
  sleep(delay: Milliseconds, signal?: AbortSignal): Promise<void>;
  /** Resolves once everything else that is at hand has had its turn. Takes no time on any clock. */
  turn(): Promise<void>;
}

/** The longest delay that the platform's timers take; longer ones would fire at once. */
const MAX_TIMER_DELAY = 2_147_483_647;

/** Sleeping in terms of `after`; shared by every clock. */
export function sleepOn(
  clock: Pick<Clock, 'after'>,
  delay: Milliseconds,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(delay, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The machine's clock. The one place that touches the global timers. */
export function createSystemClock(): Clock {
  const clock: Clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(delay, task) {
      const handle = setTimeout(task, Math.min(Math.max(0, delay), MAX_TIMER_DELAY));
      return { cancel: () => clearTimeout(handle) };
    },
    sleep: (delay, signal) => sleepOn(clock, delay, signal),
    turn: () => new Promise(resolve => setImmediate(resolve)),
  };
  return clock;
}
