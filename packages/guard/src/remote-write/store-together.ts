import { appendRequest } from './append-request.ts';
import type { WriteOutcome } from './outcome.ts';
import type { RequestReaders } from './request-readers.ts';
import { Tally } from './tally.ts';
import type { AppendContext, Transaction } from './transaction.ts';
import { bodyOf, failedOutcome, finish, refusalOf, type WriteJob, writtenOutcome } from './write-job.ts';

/** Where jobs are stored. */
export interface WriteStore extends Omit<AppendContext, 'transaction'> {
  readonly readers: RequestReaders;
  begin(): Transaction;
  /** Where bodies are decoded, one after another: less garbage. */
  readonly room: Buffer;
}

/**
 * Stores requests in one transaction, each as if it were alone: one that is refused takes nothing of the others with
 * it. Every job is settled, once its samples are synced.
 */
export async function storeTogether(jobs: readonly WriteJob[], store: WriteStore): Promise<void> {
  if (jobs.length === 0) return;
  const transaction = store.begin();
  for (const [index, job] of jobs.entries()) {
    try {
      await append(job, store, transaction);
    } catch (error) {
      transaction.appender.rollback();
      job.settle(refusalOf(error));
      // The samples before the bad one were among those of the others, which are appended anew.
      await storeTogether(jobs.slice(0, index), store);
      await storeTogether(jobs.slice(index + 1), store);
      return;
    }
  }
  commit(transaction, jobs);
}

async function append(job: WriteJob, store: WriteStore, transaction: Transaction): Promise<void> {
  const { version } = job;
  job.tally = new Tally();
  const reader = store.readers.open(await bodyOf(job, store.room), version);
  await finish(appendRequest(reader, version, { ...store, transaction: () => transaction }, job.tally));
}

function commit({ appender }: Transaction, jobs: readonly WriteJob[]): void {
  let failed: WriteOutcome | undefined;
  try {
    appender.commit();
  } catch (error) {
    failed = failedOutcome(error);
  }
  for (const job of jobs) job.settle(failed ?? writtenOutcome(job));
}
