/** The part of a clock that faults need; times in milliseconds. */
export interface FaultClock {
  /** Unix time. */
  now(): number;
  /** Runs `task` once after `delay`. */
  after(delay: number, task: () => void): { cancel(): void };
}

/** The machine's clock. A waiting lease does not keep the process alive. */
export const systemClock: FaultClock = {
  now: () => Date.now(),
  after(delay, task) {
    const timer = setTimeout(task, delay);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
