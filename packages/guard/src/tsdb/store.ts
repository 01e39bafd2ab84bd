import type { MessagePort } from 'node:worker_threads';
import type { Registry } from 'prom-client';
import type { Clock, Logger, Matcher, Milliseconds } from '../core/index.ts';
import type { Appendable, Queryable } from '../promql/storage.ts';
import type { Damage } from './damage.ts';
import type { SeriesExemplars } from './exemplars.ts';

export interface StoreOptions {
  /** Where samples survive; owned by one process at a time. Without it they live in memory only. */
  readonly directory?: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Samples older than this are refused, and dropped by `maintain`. */
  readonly retention: Milliseconds;
  /** 1,000,000 by default. */
  readonly maxSeries?: number;
  /** Samples in a full chunk, 2 to 10,000; 240 by default. */
  readonly chunkSize?: number;
  /** How far ahead of the clock a sample may be; 10 minutes by default, as for scrapes in Prometheus. */
  readonly lead?: Milliseconds;
}

export interface StoreStatistics {
  readonly series: number;
  /** Samples that are in the store now. */
  readonly samples: number;
  /** Sealed chunks. */
  readonly chunks: number;
  /** Since the store was opened. */
  readonly samplesAppended: number;
  /** Unix milliseconds; undefined without samples. */
  readonly minTime: Milliseconds | undefined;
  readonly maxTime: Milliseconds | undefined;
  /** Shared memory in use, and taken from the system. */
  readonly memoryBytes: number;
  readonly reservedBytes: number;
  readonly diskBytes: number;
  /** Log that no checkpoint has dropped yet. */
  readonly logBytes: number;
  /** What was found damaged when the store was opened. */
  readonly damages: readonly Damage[];
}

/** The sample store. Appending and maintenance belong to the thread that opened it. */
export interface Store extends Queryable, Appendable {
  /** Shares the store with the thread that calls `connectSharedReader` on the port's other end. */
  connectReader(port: MessagePort): void;
  /**
   * Tells readers of every commit so far. Call it before posting a query to a reader's thread: queriers that the
   * query opens there see all of them. Costs next to nothing when nothing was committed.
   */
  flushReaders(): void;
  /** Exemplars of series that meet every matcher of one of the sets; bounds inclusive. Not shared with readers. */
  exemplars(sets: ReadonlyArray<readonly Matcher[]>, from: Milliseconds, to: Milliseconds): SeriesExemplars[];
  statistics(): StoreStatistics;
  /**
   * Drops what is older than the retention and moves the log into chunks. To be called every few minutes. A disk
   * that refuses is told and counted, and tried again by the next call.
   */
  maintain(): void;
  /** Moves the log into chunks and lets the directory go. Without it nothing is lost; opening takes longer. Closing twice is fine. */
  close(): void;
}
