import type { Clock, Timer } from './clock.ts';
import type { Milliseconds } from './units.ts';

/** A periodic task: ticks stand at `offset + n × interval` of Unix time. */
export interface TickerOptions {
  readonly interval: Milliseconds;
  /** 0 ≤ offset < interval; `now` for the instant of the start, which then is the first tick. */
  readonly offset: Milliseconds | 'now';
  /**
   * Called at each tick with the instant it was due and the number of ticks that were skipped since the last one,
   * because the task before took too long or the machine slept. Never called while an earlier call is unfinished.
   */
  readonly onTick: (due: Milliseconds, missed: number) => void | Promise<void>;
  /** What `onTick` throws comes here; the ticker goes on. */
  readonly onError: (error: unknown) => void;
}

export interface Ticker {
  /** Stops future ticks and waits for a running one. */
  stop(): Promise<void>;
}

/** Starts ticking at the first due instant that is not before now. Missed ticks are skipped, never replayed. */
export function startTicker(clock: Clock, options: TickerOptions): Ticker {
  const { interval } = options;
  // Read once: a millisecond later the first tick would be an interval away.
  const start = clock.now();
  const offset = options.offset === 'now' ? start % interval : options.offset;
  const dueAtOrAfter = (at: number) => Math.ceil((at - offset) / interval) * interval + offset;
  let stopped = false;
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();

  async function tick(due: number, missed: number): Promise<void> {
    try {
      await options.onTick(due, missed);
    } catch (error) {
      options.onError(error);
    }
    if (stopped) return;
    const next = dueAtOrAfter(Math.max(clock.now(), due + 1));
    const expected = due + interval;
    // A clock that was set back must not stop the ticks until it has caught up.
    schedule(Math.min(next, clock.now() + interval), Math.max(0, Math.round((next - expected) / interval)));
  }

  function schedule(due: number, missed: number): void {
    timer = clock.after(due - clock.now(), () => {
      // Timers may fire a fraction of a millisecond early.
      running = tick(due, missed);
    });
  }

  schedule(dueAtOrAfter(start), 0);
  return {
    stop() {
      stopped = true;
      timer?.cancel();
      return running;
    },
  };
}
