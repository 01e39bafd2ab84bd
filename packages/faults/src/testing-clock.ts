import type { FaultClock } from './clock.ts';

/** A clock that stands still until it is told to go on. */
export function createTestClock(startAt = 1_000_000): FaultClock & { advance(ms: number): void } {
  let now = startAt;
  const due = new Set<{ at: number; task: () => void }>();
  return {
    now: () => now,
    after(delay, task) {
      const entry = { at: now + delay, task };
      due.add(entry);
      return { cancel: () => void due.delete(entry) };
    },
    advance(ms) {
      now += ms;
      for (const entry of [...due].sort((a, b) => a.at - b.at)) {
        if (entry.at > now || !due.delete(entry)) continue;
        entry.task();
      }
    },
  };
}
