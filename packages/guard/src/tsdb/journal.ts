import type { Labels, Milliseconds } from '../core/index.ts';
import type { SampleBatch } from './sample-batch.ts';
import type { StoredChunk } from './series-memory.ts';

export interface NewSeries {
  readonly id: number;
  readonly labels: Labels;
}

/** What a checkpoint puts in order, all in one transaction. */
export interface Checkpoint {
  /** Chunks to write, those of a series by time: each takes the place of the stored ones that begin where it does or later. */
  readonly chunks: Iterable<readonly [series: number, chunk: StoredChunk]>;
  /** Chunks of a series that begin before its instant are dropped. */
  readonly beginnings: Iterable<readonly [series: number, minTime: Milliseconds]>;
  /** Series that are dropped whole. */
  readonly gone: Iterable<number>;
}

/** What reading the disk hands over, in this order: all series, all chunks by time within a series, then the log. */
export interface Replay {
  series(id: number, labels: Labels): void;
  /** False when the chunk does not fit, which sets it aside. */
  chunk(series: number, chunk: StoredChunk): boolean;
  /** Called once, between the chunks and the log. */
  chunksDone(): void;
  log(batch: SampleBatch): void;
  logDone(): void;
}

/** Where samples survive. */
export interface Journal {
  /** @throws UserError `store-read-only`; nothing is then kept, and a later call may succeed. */
  append(newSeries: readonly NewSeries[], batch: SampleBatch): void;
  /** Writes chunks and drops the log that they replace. @throws UserError `store-read-only`, as above. */
  checkpoint(checkpoint: Checkpoint): void;
  /** Bytes of the log that no checkpoint has dropped yet. */
  logBytes(): number;
  diskBytes(): number;
  close(): void;
}

/** For stores that live and die with the process, as in simulation. */
export const memoryJournal: Journal = {
  append: () => {},
  checkpoint: () => {},
  logBytes: () => 0,
  diskBytes: () => 0,
  close: () => {},
};
