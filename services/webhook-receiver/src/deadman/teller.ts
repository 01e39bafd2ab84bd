import type { FaultClock } from '@slo-guard/faults';
import { request } from 'undici';
import type { DeadMan } from './deadman.ts';
import { messageOf } from './message.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const TIMEOUT_MS = 10_000;

export interface TellerOptions {
  readonly url: URL;
  readonly clock: FaultClock;
  readonly deadMan: DeadMan;
  /** After each attempt; the failure says what, never the URL. */
  readonly onAttempt: (failure: string | undefined) => void;
}

/** Tells the outgoing webhook of outages and their ends, until it has taken them. */
export interface Teller {
  /** Looks whether there is something to tell. To be called after every change. */
  wake(): void;
  stop(): void;
}

/**
 * At least once: what was sent and not acknowledged, or not noted before a crash, is sent again. An outage that has ended
 * before it could be told is told as ended, with both its times; one that was never told makes room for the next.
 */
export function createTeller({ url, clock, deadMan, onAttempt }: TellerOptions): Teller {
  const stopped = new AbortController();
  let isBusy = false;
  let retry: { cancel(): void } | undefined;
  let wait = FIRST_WAIT_MS;

  async function tell(): Promise<void> {
    const memory = deadMan.memory();
    const { outage } = memory;
    if (isBusy || stopped.signal.aborted || outage === null) return;
    const due = outage.endedAt === null ? 'late' : 'recovered';
    if (outage.told === due) return;
    isBusy = true;
    retry?.cancel();
    const failure = await post(url, messageOf(memory, outage), { clock, stopped: stopped.signal });
    isBusy = false;
    if (stopped.signal.aborted) return;
    onAttempt(failure);
    if (failure === undefined) {
      wait = FIRST_WAIT_MS;
      deadMan.markTold(outage.lateSince, due);
      // The heartbeat may have come back meanwhile.
      void tell();
      return;
    }
    retry = clock.after(wait, () => void tell());
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }

  return {
    wake: () => void tell(),
    stop() {
      stopped.abort();
      retry?.cancel();
    },
  };
}

/** Why it failed; undefined when the answer was good. Redirects are not followed: the operator named one address. */
async function post(
  url: URL,
  message: object,
  { clock, stopped }: { readonly clock: FaultClock; readonly stopped: AbortSignal },
): Promise<string | undefined> {
  const deadline = new AbortController();
  const abort = () => deadline.abort();
  const timer = clock.after(TIMEOUT_MS, abort);
  stopped.addEventListener('abort', abort, { once: true });
  try {
    // Unlike fetch, it asks at every port.
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'slo-guard-deadman' },
      body: JSON.stringify(message),
      signal: deadline.signal,
    });
    await body.dump();
    return statusCode >= 200 && statusCode < 300 ? undefined : `status ${statusCode}`;
  } catch (error) {
    if (deadline.signal.aborted) return `no answer within ${TIMEOUT_MS / 1000} s`;
    return (error as { code?: string }).code ?? 'the connection failed';
  } finally {
    timer.cancel();
    stopped.removeEventListener('abort', abort);
  }
}
