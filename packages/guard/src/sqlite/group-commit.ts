import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../core/index.ts';
import { inTransaction } from './transaction.ts';

export interface GroupCommitOptions {
  readonly database: DatabaseSync;
  readonly clock: Pick<Clock, 'turn'>;
  /** Told why a write was not kept. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * Writes in the order in which they are given. Those that come in one turn of the event loop share a transaction, and
 * so its wait for the disk.
 */
export interface GroupCommit {
  /** Written at the end of this turn; resolves with whether it is durable. */
  later(work: () => void): Promise<boolean>;
  /**
   * As `later`, but left to the operating system when nothing else waits that must be durable: it survives the end of
   * the process, however sudden, and may be lost with the machine's power.
   */
  laterRelaxed(work: () => void): Promise<boolean>;
  /** Written at once, with everything that waits; whether this work is durable. */
  now(work: () => void): boolean;
  /** As `now`, with the durability of `laterRelaxed`. */
  relaxed(work: () => void): boolean;
  /** Writes what waits. */
  flush(): void;
}

interface Waiting {
  readonly work: () => void;
  readonly isRelaxed: boolean;
  readonly settle: (kept: boolean) => void;
}

/** Over a database in WAL mode with `synchronous=FULL`. */
export function createGroupCommit({ database, clock, onRefused }: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = [];

  function flush(): void {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const isRelaxed = batch.every(each => each.isRelaxed);
    if (isRelaxed) database.exec('PRAGMA synchronous = NORMAL');
    try {
      commit(batch);
    } finally {
      if (isRelaxed) database.exec('PRAGMA synchronous = FULL');
    }
  }

  /** One transaction for all; where that is refused, one for each, so that none suffers for another. */
  function commit(batch: readonly Waiting[]): void {
    if (
      batch.length > 1 &&
      keeps(
        () => runAll(batch),
        () => {},
      )
    ) {
      for (const { settle } of batch) settle(true);
      return;
    }
    for (const { work, settle } of batch) settle(keeps(work, onRefused));
  }

  function keeps(work: () => void, refused: (error: unknown) => void): boolean {
    try {
      inTransaction(database, work);
      return true;
    } catch (error) {
      refused(error);
      return false;
    }
  }

  function atOnce(work: () => void, isRelaxed: boolean): boolean {
    let isKept = false;
    waiting.push({
      work,
      isRelaxed,
      settle(kept) {
        isKept = kept;
      },
    });
    flush();
    return isKept;
  }

  function atEndOfTurn(work: () => void, isRelaxed: boolean): Promise<boolean> {
    return new Promise(settle => {
      waiting.push({ work, isRelaxed, settle });
      if (waiting.length === 1) void clock.turn().then(flush);
    });
  }

  return {
    later: work => atEndOfTurn(work, false),
    laterRelaxed: work => atEndOfTurn(work, true),
    now: work => atOnce(work, false),
    relaxed: work => atOnce(work, true),
    flush,
  };
}

function runAll(batch: readonly Waiting[]): void {
  for (const { work } of batch) work();
}
