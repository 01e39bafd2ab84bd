import { type Labels, type Milliseconds, UserError } from '../core/index.ts';
import type { SampleBatch } from './sample-batch.ts';
import type { StoredChunk } from './series-memory.ts';

export interface NewSeries {
  readonly id: number;
  readonly labels: Labels;
}

/** Samples of a series that are dropped; both bounds inclusive, and not beyond its oldest and newest sample. */
export interface Deletion {
  readonly series: number;
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

/** The chunks of a series that begin within `[from, to]`, in the place of all stored ones that begin there. */
export interface Replacement {
  readonly series: number;
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  readonly chunks: Iterable<StoredChunk>;
}

/** The log up to an instant. */
export interface LogMark {
  /** Number of its last transaction. */
  readonly sequence: number;
  readonly bytes: number;
}

/** What reading the disk hands over, in this order: all series, all chunks, then the log. */
export interface Replay {
  series(id: number, labels: Labels): void;
  /** In any order. False when the chunk does not fit, which sets it aside. */
  chunk(series: number, chunk: StoredChunk): boolean;
  /** Called once, between the chunks and the log. */
  chunksDone(): void;
  log(batch: SampleBatch): void;
  deletions(deletions: readonly Deletion[], sequence: number): void;
  /** `sequence` is the last transaction. */
  logDone(sequence: number): void;
}

/**
 * Where samples survive. Each call is one transaction. @throws UserError `store-read-only`: nothing is then kept, and
 * a later call may succeed.
 */
export interface Journal {
  /** Samples, into the log. */
  append(newSeries: readonly NewSeries[], batch: SampleBatch): void;
  /** Deletions, into the log: they hold for the samples before them, and for those only. */
  appendDeletions(deletions: readonly Deletion[]): void;
  /** Replacements of one series do not overlap. */
  replace(newSeries: readonly NewSeries[], replacements: Iterable<Replacement>): void;
  /** The log as it is now. */
  mark(): LogMark;
  /**
   * Drops the log up to `mark`, once stored chunks hold all of it, and series that nothing after it names, with their
   * chunks.
   */
  cut(mark: LogMark, gone: Iterable<number>): void;
  /** Whether deletions are in the log. */
  hasDeletions(): boolean;
  /** Bytes of the log that was not cut yet. */
  logBytes(): number;
  /** Size of the file, and what of it is in use. */
  diskBytes(): number;
  liveBytes(): number;
  /** Gives up to `most` bytes that are not in use back to the file system; false when there are none. */
  shrink(most: number): boolean;
  /** Writes all of it into a new file, without holding up other calls for long. */
  copyTo(file: string): Promise<void>;
  close(): void;
}

/** For stores that live and die with the process, as in simulation. */
export const memoryJournal: Journal = {
  append: () => {},
  appendDeletions: () => {},
  replace: (_, replacements) => {
    for (const _replacement of replacements);
  },
  mark: () => ({ sequence: 0, bytes: 0 }),
  cut: () => {},
  hasDeletions: () => false,
  logBytes: () => 0,
  diskBytes: () => 0,
  liveBytes: () => 0,
  shrink: () => false,
  copyTo: async () => {
    throw new UserError('store-in-memory', 'the store lives in memory only');
  },
  close: () => {},
};
