/** When the virtual clock begins. */
export const START = Date.parse('2026-01-01T00:00:00Z');
/** A clock that stands still until it is told to go on. */
export function createVirtualClock() {
  let now = START;
  const due = new Set<{ at: number; task: () => void }>();
  return {
    now: () => now,
    after(delay: number, task: () => void) {
      const entry = { at: now + delay, task };
      due.add(entry);
      return { cancel: () => void due.delete(entry) };
    },
    waiting: () => [...due].map(({ at }) => at - now),
    advance(ms: number) {
      const until = now + ms;
      for (;;) {
        const next = [...due].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        due.delete(next);
        now = next.at;
        next.task();
      }
      now = until;
    },
  };
}
