import { type Clock, sleepOn, type Timer } from './clock.ts';
import type { Milliseconds } from './units.ts';

/** A clock that stands still until told to advance. */
export interface VirtualClock extends Clock {
  /**
   * Advances to `now + duration`, firing every timer that falls due on the way, in order of time and then of
   * creation. Promise continuations started by a timer, and the turns they wait for, come before the next timer.
   */
  advance(duration: Milliseconds): Promise<void>;
  /** Advances to the next due timer; false when there is none. */
  advanceToNextTimer(): Promise<boolean>;
}

interface PendingTimer {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
}

/** Lets the continuations that are ready run: a macrotask comes after all of them. */
const macrotask = () => new Promise<void>(resolve => setImmediate(resolve));

export function createVirtualClock(start: Milliseconds): VirtualClock {
  let now: number = start;
  let created = 0;
  let turns = 0;
  const pending = new Set<PendingTimer>();

  async function settle(): Promise<void> {
    do await macrotask();
    while (turns > 0);
  }

  async function turn(): Promise<void> {
    turns++;
    await macrotask();
    turns--;
  }

  function next(): PendingTimer | undefined {
    let first: PendingTimer | undefined;
    for (const timer of pending) {
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order))
        first = timer;
    }
    return first;
  }

  async function fire(timer: PendingTimer): Promise<void> {
    pending.delete(timer);
    now = Math.max(now, timer.due);
    timer.task();
    await settle();
  }

  const clock: VirtualClock = {
    now: () => Math.floor(now),
    monotonic: () => now - start,
    after(delay, task): Timer {
      const timer: PendingTimer = { due: now + Math.max(0, delay), order: created++, task };
      pending.add(timer);
      return { cancel: () => void pending.delete(timer) };
    },
    sleep: (delay, signal) => sleepOn(clock, delay, signal),
    turn,
    async advance(duration) {
      const end = now + duration;
      await settle();
      for (let timer = next(); timer && timer.due <= end; timer = next()) await fire(timer);
      now = end;
    },
    async advanceToNextTimer() {
      await settle();
      const timer = next();
      if (!timer) return false;
      await fire(timer);
      return true;
    },
  };
  return clock;
}
