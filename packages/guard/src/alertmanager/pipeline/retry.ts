import type { Clock, Milliseconds, Rng } from '../../core/index.ts';
import type { Memory } from '../notification-log.ts';
import type { FailureCategory, NotifyResult } from '../notifier.ts';

/** cenkalti/backoff's defaults, which Alertmanager uses. */
const FIRST_WAIT: Milliseconds = 500;
const FACTOR = 1.5;
const LONGEST_WAIT: Milliseconds = 60_000;
/** Waits are drawn from 50 % to 150 %, so that receivers are not hit in step. */
const JITTER = 0.5;

/** Why a flush's time is over; the reason that its signal is aborted with. */
export class FlushEnded extends Error {
  override readonly name = 'FlushEnded';
  readonly category: FailureCategory;

  constructor(message: string, category: 'contextCanceled' | 'contextDeadlineExceeded') {
    super(message);
    this.category = category;
  }
}

export interface RetryOptions {
  readonly clock: Clock;
  /** Without it waits are exact. */
  readonly rng: Rng | undefined;
  readonly signal: AbortSignal;
  readonly attempt: () => Promise<NotifyResult>;
  /** Told after each attempt with its number, from 1. */
  readonly onAttempt: (attempts: number, result: NotifyResult, duration: Milliseconds) => void;
}

export type RetryOutcome =
  | {
      readonly delivered: true;
      /** What the receiver said to it, in words: `status 200`. */
      readonly answer: string;
      readonly attempts: number;
      readonly lastFailure: string | null;
      readonly remember?: Memory;
    }
  | {
      readonly delivered: false;
      readonly attempts: number;
      readonly lastFailure: string;
      readonly category: FailureCategory;
    };

/** Attempts until delivered, refused for good or the signal is aborted. Waits count from the start of an attempt. */
export async function notifyWithRetry(options: RetryOptions): Promise<RetryOutcome> {
  const { clock, signal } = options;
  let attempts = 0;
  let wait = FIRST_WAIT;
  let failure: { reason: string; category: FailureCategory } | undefined;
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    const result = await options.attempt();
    attempts++;
    options.onAttempt(attempts, result, clock.monotonic() - startedAt);
    if (result.outcome === 'delivered')
      return {
        delivered: true,
        answer: result.reason,
        attempts,
        lastFailure: failure?.reason ?? null,
        ...(result.remember && { remember: result.remember }),
      };
    // An attempt that the end of the flush cut short says less than the failure before it, or than the end.
    if (!signal.aborted || result.outcome === 'failed')
      failure = { reason: result.reason, category: result.category ?? 'other' };
    if (result.outcome === 'failed') break;
    const jittered = wait * (options.rng ? 1 - JITTER + 2 * JITTER * options.rng.next() : 1);
    wait = Math.min(wait * FACTOR, LONGEST_WAIT);
    await sleepUntilAborted(clock, startedAt + jittered - clock.monotonic(), signal);
  }
  const ended: unknown = signal.reason;
  const end = ended instanceof FlushEnded ? ended : new FlushEnded('flush ended', 'contextCanceled');
  const { reason, category } = failure ?? { reason: end.message, category: end.category };
  return { delivered: false, attempts, lastFailure: reason, category };
}

async function sleepUntilAborted(clock: Clock, delay: Milliseconds, signal: AbortSignal): Promise<void> {
  if (delay <= 0 || signal.aborted) return;
  // The loop looks at the signal itself.
  await clock.sleep(delay, signal).catch(() => {});
}
