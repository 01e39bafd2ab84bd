import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { MAX_BYTES } from './limits.ts';
import type { WriteOutcome } from './outcome.ts';
import { openSnappyBlock } from './snappy.ts';
import { storeInParts } from './store-in-parts.ts';
import { storeTogether, type WriteStore } from './store-together.ts';
import { Tally } from './tally.ts';
import type { WriteVersion } from './transaction.ts';
import { failedOutcome, refusalOf, type WriteJob } from './write-job.ts';

/** What became of a request, and what was counted on the way. */
export interface Settled {
  readonly outcome: WriteOutcome;
  readonly tally: Tally;
}

/**
 * Takes requests one after another, in the order in which they came. Those that wait at the same time and are small
 * share a transaction, and so a sync of the disk.
 */
export interface WriteQueue {
  /** `body` is compressed. Resolves once the request's samples are synced, or refused. */
  add(body: Buffer, version: WriteVersion): Promise<Settled>;
}

/** Decoded bytes of the requests that share a transaction: no more than some 60,000 samples. */
export const SHARED_BYTES = 1024 * 1024;
/** Requests that share a transaction, whatever their size. */
const SHARED_REQUESTS = 64;

/** `onBug` is told of what should never happen; the requests are then answered as failed. */
export function createWriteQueue(store: WriteStore, onBug: (error: unknown) => void): WriteQueue {
  const waiting: WriteJob[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    // Those that come in the same turn share a transaction.
    await turnOfOthers();
    while (waiting.length > 0) {
      await storeNext(waiting.splice(0, sharing(waiting)));
      await turnOfOthers();
    }
    isRunning = false;
  }

  async function storeNext(jobs: readonly WriteJob[]): Promise<void> {
    try {
      if (jobs[0]!.block.length > SHARED_BYTES) await storeInParts(jobs[0]!, store);
      else await storeTogether(jobs, store);
    } catch (error) {
      onBug(error);
      for (const job of jobs) job.settle(failedOutcome(error));
    }
  }

  return {
    add: (body, version) =>
      new Promise(resolve => {
        const tally = new Tally();
        try {
          const block = openSnappyBlock(body, MAX_BYTES);
          const job: WriteJob = {
            version,
            block,
            tally,
            settle: outcome => resolve({ outcome, tally: job.tally }),
          };
          waiting.push(job);
        } catch (error) {
          resolve({ outcome: refusalOf(error), tally });
          return;
        }
        if (!isRunning) void run();
      }),
  };
}

/** How many of the first jobs go together; at least one. */
function sharing(jobs: readonly WriteJob[]): number {
  let bytes = 0;
  let count = 0;
  for (const { block } of jobs) {
    bytes += block.length;
    if (count > 0 && (bytes > SHARED_BYTES || count === SHARED_REQUESTS)) break;
    count++;
  }
  return count;
}
