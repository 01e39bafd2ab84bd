import type { MessagePort } from 'node:worker_threads';
import type { Registry } from 'prom-client';
import type { Clock, Logger, Matcher, Milliseconds } from '../core/index.ts';
import type { Appendable, AppendOutcome, Queryable } from '../promql/storage.ts';
import type { BackfillBatch } from './backfill-runs.ts';
import type { Damage } from './damage.ts';
import type { SeriesExemplars } from './exemplars.ts';

export interface StoreOptions {
  /** Where samples survive; owned by one process at a time. Without it they live in memory only. */
  readonly directory?: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Samples older than this are refused, and dropped by `maintain`; counted from the newest sample when that is older than now. */
  readonly retention: Milliseconds;
  /**
   * Bytes in use on disk, log included, beyond which `maintain` drops the oldest chunks; what is within two hours of the
   * newest sample is never dropped. No limit when left out.
   */
  readonly retentionBytes?: number;
  /** 1,000,000 by default. */
  readonly maxSeries?: number;
  /** Samples in a full chunk, 2 to 10,000; 120 by default. */
  readonly chunkSize?: number;
  /** Exemplars of all series together that are kept, 0 for none; 100,000 by default. */
  readonly maxExemplars?: number;
  /** How old the log may get before `maintain` moves it into chunks; 30 minutes by default. A log of 16 MiB does not wait. */
  readonly checkpointInterval?: Milliseconds;
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
   * Drops what is older than the retention and moves the log into chunks, in slices of some 20 ms with everything else
   * of the thread between them. To be called every few minutes. A disk that refuses is told and counted, and tried
   * again by the next call.
   */
  maintain(): Promise<void>;
  /**
   * Puts in samples that an appender refuses because their series has newer ones. A sample fits in when it is older than
   * all of its series, or newer than all, or when those of its series in the batch that are neither have none of the
   * series' between them: history before a series, or a gap, can be filled, and samples of two sources not be mixed.
   * Answers what became of each sample of the batch, in its order. When it resolves, those that were taken can be seen
   * and are durable. @throws UserError `store-read-only`; samples that came before may then have been taken.
   */
  backfill(batch: BackfillBatch): Promise<AppendOutcome[]>;
  /**
   * Drops the samples within `[from, to]` of series that meet every matcher of one of the sets. When it resolves they
   * are gone for queries and durably so; before, series by series. A series without samples is gone itself. Queriers
   * that are open see what they saw. The file keeps the bytes until `cleanTombstones`, or until others need the room.
   *
   * A sample that comes afterwards must still be newer than the newest that its series had, unless nothing was left of
   * it. @throws UserError `store-read-only`; series that came before are then deleted.
   */
  deleteSeries(sets: ReadonlyArray<readonly Matcher[]>, from: Milliseconds, to: Milliseconds): Promise<void>;
  /** Writes what is unwritten and gives free room back to the file system. @throws UserError `store-read-only` */
  cleanTombstones(): Promise<void>;
  /**
   * Copies the store into a new folder of `directory`, which is created when missing, and answers the folder's name,
   * such as `20260102T030405Z-2be650b6d019eb54`. Opening a snapshot as the directory of a store restores it.
   *
   * @throws UserError `snapshot-failed`; nothing is left of it.
   */
  snapshot(directory: string): Promise<string>;
  /** Moves the log into chunks and lets the directory go. Without it nothing is lost; opening takes longer. Closing twice is fine. */
  close(): void;
}
