import type { Clock } from '../core/index.ts';
import type { Appendable, Appender } from '../promql/storage.ts';

/** The versions of the protocol, by the major number of their specification. */
export type WriteVersion = 1 | 2;

/** One durable transaction in the making. */
export interface Transaction {
  readonly appender: Appender;
  /** Above 0, and never again. */
  readonly id: number;
  /** What its commit costs, in samples of known series. */
  weight: number;
}

/** What a series costs that was not stored before, in samples: its labels are read, sorted and written. */
export const NEW_SERIES_WEIGHT = 16;

export interface AppendContext {
  readonly appendable: Appendable;
  readonly clock: Clock;
  /** The transaction that samples go to now; may be another one after each step. */
  readonly transaction: () => Transaction;
}

/** Version 1 takes a request whole or not at all; nothing of it may then be committed. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
}

/** How far ahead of the clock a sample or exemplar may be (storage/remote/write_handler.go `maxAheadTime`). */
export const MAX_AHEAD_MS = 600_000;
