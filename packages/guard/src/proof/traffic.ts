import type { Clock, Milliseconds, Timer } from '../core/index.ts';

/** What the load has seen so far. */
export interface TrafficCounts {
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  /** When the first failing answer of the current count came; undefined when there was none. */
  readonly firstFailureAt: Milliseconds | undefined;
}

export interface Traffic {
  counts(): TrafficCounts;
  /** Starts counting anew. */
  resetCounts(): void;
  /** Stops sending and waits for answers. */
  stop(): Promise<void>;
}

export interface TrafficOptions {
  readonly url: string;
  readonly requestsPerSecond: number;
  readonly clock: Clock;
}

/** A request that takes longer counts as failed. */
const TIMEOUT_MS = 5_000;
/** Requests in flight at most: a service that hangs must not exhaust the sender. */
const MAX_IN_FLIGHT = 200;

/**
 * Sends GET requests at a steady rate, whatever the answers take (open loop), and reads each answer to its end.
 */
export function startTraffic({ url, requestsPerSecond, clock }: TrafficOptions): Traffic {
  const startedAt = clock.monotonic();
  const inFlight = new Set<Promise<void>>();
  let scheduled = 0;
  let timer: Timer;
  let stopped = false;
  let counts = emptyCounts();

  async function sendOne(): Promise<void> {
    counts.sent += 1;
    const ok = await succeeds(url);
    if (ok) counts.succeeded += 1;
    else {
      counts.failed += 1;
      counts.firstFailureAt ??= clock.now();
    }
  }

  function sendDue(): void {
    const due = Math.floor(((clock.monotonic() - startedAt) / 1000) * requestsPerSecond) + 1;
    for (; scheduled < due; scheduled += 1) {
      if (inFlight.size >= MAX_IN_FLIGHT) continue;
      const request = sendOne().finally(() => inFlight.delete(request));
      inFlight.add(request);
    }
    if (!stopped)
      timer = clock.after(startedAt + (scheduled * 1000) / requestsPerSecond - clock.monotonic(), sendDue);
  }

  sendDue();
  return {
    counts: () => ({ ...counts }),
    resetCounts: () => {
      counts = emptyCounts();
    },
    async stop() {
      stopped = true;
      timer.cancel();
      await Promise.all(inFlight);
    },
  };
}

const emptyCounts = () => ({
  sent: 0,
  succeeded: 0,
  failed: 0,
  firstFailureAt: undefined as Milliseconds | undefined,
});

async function succeeds(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
