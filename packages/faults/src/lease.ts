import type { FaultClock } from './clock.ts';

/** A value that falls back to its resting one when its lease ends, even when nobody comes back. */
export interface Leased<T> {
  /** The value in force now. */
  get(): { readonly value: T; readonly endsAt: number | null };
  /** Puts a value in force for `leaseMs`; null means for good, and is for the resting value. */
  set(value: T, leaseMs: number | null): void;
  /** Drops the timer; the value stays. */
  stop(): void;
}

/**
 * The lease ends by the timer or by the clock read at `get`, whichever sees it first: a timer may be late after the
 * machine slept.
 */
export function createLeased<T>(resting: T, clock: FaultClock, onEnd: (ended: T) => void): Leased<T> {
  let value = resting;
  let endsAt: number | null = null;
  let timer: { cancel(): void } | undefined;

  const end = () => {
    const ended = value;
    timer?.cancel();
    timer = undefined;
    value = resting;
    endsAt = null;
    onEnd(ended);
  };

  return {
    get() {
      if (endsAt !== null && clock.now() >= endsAt) end();
      return { value, endsAt };
    },
    set(next, leaseMs) {
      timer?.cancel();
      timer = leaseMs === null ? undefined : clock.after(leaseMs, end);
      endsAt = leaseMs === null ? null : clock.now() + leaseMs;
      value = next;
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
