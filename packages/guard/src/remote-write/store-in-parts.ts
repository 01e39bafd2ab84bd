import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { appendRequest } from './append-request.ts';
import { checkRequest } from './check-request.ts';
import type { WriteOutcome } from './outcome.ts';
import type { WriteStore } from './store-together.ts';
import { Tally } from './tally.ts';
import type { Transaction } from './transaction.ts';
import { bodyOf, failedOutcome, finish, refusalOf, type WriteJob, writtenOutcome } from './write-job.ts';

/** What one commit may cost, in samples: some ten milliseconds. */
const PART_WEIGHT = 32_768;

/**
 * Stores a large request in several transactions, so that none holds up the thread for long. It is read whole before
 * the first commit: one that is malformed leaves nothing. What version 1 refuses late has left its earlier parts.
 */
export async function storeInParts(job: WriteJob, store: WriteStore): Promise<void> {
  const parts = new Parts(store);
  try {
    const body = await bodyOf(job);
    job.tally = new Tally();
    const reader = store.readers.open(body, job.version);
    const context = { ...store, transaction: () => parts.current };
    const steps = appendRequest(reader, job.version, context, job.tally);
    while (steps.next().done !== true) {
      if (parts.current.weight >= PART_WEIGHT) {
        if (parts.committed === 0) await finish(checkRequest(store.readers.open(body, job.version)));
        parts.commit();
      }
      await turnOfOthers();
    }
    parts.commit();
    job.settle(writtenOutcome(job));
  } catch (error) {
    job.settle(parts.abandon(error, job));
  }
}

/** The transactions of one request. */
class Parts {
  readonly #store: WriteStore;
  current: Transaction;
  committed = 0;
  #failure: unknown;

  constructor(store: WriteStore) {
    this.#store = store;
    this.current = store.begin();
  }

  commit(): void {
    try {
      this.current.appender.commit();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    this.committed++;
    this.current = this.#store.begin();
  }

  abandon(error: unknown, { tally }: WriteJob): WriteOutcome {
    if (error === this.#failure) return failedOutcome(error);
    this.current.appender.rollback();
    const refusal = refusalOf(error);
    if (this.committed === 0 || refusal.type !== 'refused') return refusal;
    return { type: 'partial', written: tally.written(), message: refusal.message };
  }
}
