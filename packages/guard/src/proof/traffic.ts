import { type Clock, type Milliseconds, type Timer, withDeadline } from '../core/index.ts';
import {
  createHttpClient,
  DEFAULT_HTTP_CLIENT,
  type HttpClient,
  isSuccess,
  textOf,
  whyUnanswered,
} from '../http-client/index.ts';
import { REQUEST_TIMEOUT } from './http.ts';

/** What the load has seen so far. */
export interface TrafficCounts {
  readonly sent: number;
  readonly succeeded: number;
  /** Answers that are not 2xx, or came too late. */
  readonly failed: number;
  /** Requests without any answer: connection refused, or the timeout. */
  readonly unanswered: number;
  /** Not sent, because too many were in flight. */
  readonly skipped: number;
  /** When the first failing answer came, by the monotonic clock; undefined when there was none. */
  readonly firstFailureAt: Milliseconds | undefined;
  /** Why the last unanswered request was so. */
  readonly lastError: string | undefined;
}

export interface Traffic {
  counts(): TrafficCounts;
  /** Starts counting anew; answers to requests that were sent before are not counted. */
  resetCounts(): void;
  /** Stops sending, and gives up what is in flight. */
  stop(): Promise<void>;
}

export interface TrafficOptions {
  readonly url: string;
  readonly requestsPerSecond: number;
  /** An answer that takes longer is a failing one. */
  readonly slowAfter?: Milliseconds | undefined;
  readonly clock: Clock;
}

/** Requests in flight at most: a service that hangs must not exhaust the sender. */
const MAX_IN_FLIGHT = 200;

/**
 * Sends GET requests at a steady rate, whatever the answers take (open loop), and reads each answer to its end.
 */
export function startTraffic({ url, requestsPerSecond, slowAfter, clock }: TrafficOptions): Traffic {
  const startedAt = clock.monotonic();
  const inFlight = new Set<Promise<void>>();
  const stopping = new AbortController();
  const client = createHttpClient({ config: DEFAULT_HTTP_CLIENT });
  let scheduled = 0;
  let timer: Timer;
  let counts = emptyCounts();

  async function sendOne(): Promise<void> {
    const mine = counts;
    const sentAt = clock.monotonic();
    mine.sent += 1;
    try {
      const ok = await isAnsweredWell(client, url, clock, stopping.signal);
      const slow = slowAfter !== undefined && clock.monotonic() - sentAt > slowAfter;
      if (ok && !slow) mine.succeeded += 1;
      else {
        mine.failed += 1;
        mine.firstFailureAt ??= clock.monotonic();
      }
    } catch (error) {
      mine.unanswered += 1;
      mine.lastError = whyUnanswered(error);
    }
  }

  function sendDue(): void {
    const due = Math.floor(((clock.monotonic() - startedAt) / 1000) * requestsPerSecond) + 1;
    for (; scheduled < due; scheduled += 1) {
      if (inFlight.size >= MAX_IN_FLIGHT) {
        counts.skipped += 1;
        continue;
      }
      const request = sendOne().finally(() => inFlight.delete(request));
      inFlight.add(request);
    }
    const next = startedAt + (scheduled * 1000) / requestsPerSecond;
    timer = clock.after(next - clock.monotonic(), sendDue);
  }

  sendDue();
  return {
    counts: () => ({ ...counts }),
    resetCounts: () => {
      counts = emptyCounts();
    },
    async stop() {
      timer.cancel();
      stopping.abort();
      await Promise.all(inFlight);
      await client.close();
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const emptyCounts = (): Mutable<TrafficCounts> => ({
  sent: 0,
  succeeded: 0,
  failed: 0,
  unanswered: 0,
  skipped: 0,
  firstFailureAt: undefined,
  lastError: undefined,
});

const isAnsweredWell = (
  client: HttpClient,
  url: string,
  clock: Clock,
  stopping: AbortSignal,
): Promise<boolean> =>
  withDeadline(
    { clock, limit: REQUEST_TIMEOUT, tooLate: () => new Error('no answer in time'), ending: stopping },
    async signal => {
      const answer = await client.get({ url, headers: {}, signal });
      await textOf(answer);
      return isSuccess(answer);
    },
  );
