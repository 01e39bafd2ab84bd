import type { Labels, Matcher, Milliseconds } from '../core/index.ts';

/**
 * A read-only view on samples as parallel columns, ascending in time, without duplicates. The arrays may be shared
 * and longer than the view: only `[start, end)` belongs to it. Valid until the querier is closed.
 * A staleness marker is a sample whose value has the bits of `STALE_NAN`; ask `isStaleAt`.
 */
export interface Samples {
  /** Unix milliseconds. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly start: number;
  readonly end: number;
  /** No staleness marker stands before this index, as far as the store knows; `start` where it is left out. */
  readonly unmarkedUntil?: number;
}

/** Columns that samples are read into: made once, grown as needed, used again for the next series. */
export class SampleBuffer {
  timestamps = new Float64Array(0);
  values = new Float64Array(0);
  /** The same memory as `values`: pairs of words, and bytes. */
  words = new Uint32Array(0);
  bytes = new Uint8Array(0);

  /** Makes room for `capacity` samples; what was there is lost when that takes new memory. */
  reserve(capacity: number): this {
    if (this.timestamps.length >= capacity) return this;
    const size = Math.max(capacity, this.timestamps.length * 2);
    this.timestamps = new Float64Array(size);
    this.values = new Float64Array(size);
    this.words = new Uint32Array(this.values.buffer);
    this.bytes = new Uint8Array(this.values.buffer);
    return this;
  }
}

/** What a run of consecutive samples comes to. There is no staleness marker among them. */
export interface RunSummary {
  /** Samples in the run, at least 1. */
  count: number;
  /** Instants of the first and last sample. */
  firstTime: Milliseconds;
  lastTime: Milliseconds;
  first: number;
  last: number;
  /** Of equal values (0 and -0) the first; NaN only when every value is. */
  min: number;
  max: number;
  /** NaN unless it is exact whatever the order of adding: integers whose sizes sum up to less than 2^52. */
  sum: number;
  /** Neighbours within the run that differ (two NaN do not), and those of which the later is lower. */
  changes: number;
  resets: number;
}

/** Told of the samples of a series in order, in as many runs as the store sees fit. */
export interface RunVisitor {
  /** Samples, staleness markers included; valid until the next call. */
  samples(samples: Samples): void;
  /** A run that need not be read; false asks for its samples all the same. Overwritten by the next call. */
  summary(summary: Readonly<RunSummary>): boolean;
}

/** One series as a querier sees it. */
export interface SeriesData {
  readonly labels: Labels;
  /**
   * Samples with `from ≤ timestamp ≤ to`, both inclusive, staleness markers included. Empty when there are none.
   * With `into` they may lie there, and are valid until it is used again.
   */
  samples(from: Milliseconds, to: Milliseconds, into?: SampleBuffer): Samples;
  /** The same samples, long stretches of them by their summaries: a long window costs its two ends. */
  visit(from: Milliseconds, to: Milliseconds, visitor: RunVisitor): void;
}

/** A consistent view of the store: appends that commit later are not seen. */
export interface Querier {
  /**
   * The series that meet every matcher and may have samples in the querier's range, ordered by labels. A series
   * without samples there may be given.
   */
  select(matchers: readonly Matcher[]): SeriesData[];
  /** Names of labels of the matching series, sorted; of all series when there are no matchers. */
  labelNames(matchers: readonly Matcher[]): string[];
  /** Values of a label among the matching series, sorted. */
  labelValues(name: string, matchers: readonly Matcher[]): string[];
  close(): void;
}

/** What the engine reads from. */
export interface Queryable {
  /** Bounds inclusive. */
  querier(from: Milliseconds, to: Milliseconds): Querier;
}

/** What became of one sample; every answer but `appended` leaves the store as it was. */
export type AppendOutcome =
  | 'appended'
  /** The same timestamp and the same value (bits) as the newest sample: nothing to do. */
  | 'duplicate'
  /** The same timestamp with another value. */
  | 'duplicate-other-value'
  /** Older than the newest sample of its series. */
  | 'out-of-order'
  /** Too old or too far in the future for the store. */
  | 'out-of-bounds'
  /** The store's limit on series is reached. */
  | 'series-limit';

export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestamp: Milliseconds;
}

/** What becomes of one exemplar (Prometheus: tsdb/exemplar.go `validateExemplar`); only `appended` keeps it. */
export type ExemplarOutcome =
  | 'appended'
  /** It repeats the newest one of its series: nothing to do. */
  | 'duplicate'
  /** Older than the newest one of its series. */
  | 'out-of-order'
  /** Its labels have more than 128 characters together. */
  | 'labels-too-long';

/** One transaction. Not used again after `commit` or `rollback`. */
export interface Appender {
  append(labels: Labels, timestamp: Milliseconds, value: number): AppendOutcome;
  /** A staleness marker: the series has ended at this instant. */
  appendStale(labels: Labels, timestamp: Milliseconds): AppendOutcome;
  /** Judged by what is committed; kept once the transaction is. */
  appendExemplar(labels: Labels, exemplar: Exemplar): ExemplarOutcome;
  /**
   * Makes everything appended durable and then visible, all at once. When it returns, the samples survive `kill -9`
   * and power loss. @throws UserError `store-read-only` when the disk refuses; nothing is then kept.
   */
  commit(): void;
  rollback(): void;
}

export interface Appendable {
  appender(): Appender;
}

/**
 * Whether a sample fits what is committed, whatever a transaction has pending. Prometheus judges remote writes so, and
 * drops what a transaction's own samples have overtaken without a word (tsdb/head_append.go `commitFloats`).
 */
export function fitsCommitted(
  appendable: Appendable,
  labels: Labels,
  timestamp: Milliseconds,
  value: number | 'stale',
): boolean {
  const judge = appendable.appender();
  const outcome =
    value === 'stale' ? judge.appendStale(labels, timestamp) : judge.append(labels, timestamp, value);
  judge.rollback();
  return outcome === 'appended' || outcome === 'duplicate';
}

/** High and low 32 bits of the NaN that marks staleness (prometheus/model/value.StaleNaN). */
const STALE_HIGH = 0x7ff00000;
const STALE_LOW = 2;

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const HIGH = littleEndian ? 1 : 0;

/** Whether `values[index]` is a staleness marker. Bits are compared in place: a NaN's payload may not survive in a number. */
export function isStaleAt(values: Float64Array, index: number): boolean {
  const value = values[index]!;
  if (!Number.isNaN(value)) return false;
  const words = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  return words[HIGH] === STALE_HIGH && words[1 - HIGH] === STALE_LOW;
}

/** Writes a staleness marker's bits at `index`. */
export function writeStaleAt(values: Float64Array, index: number): void {
  const words = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  words[HIGH] = STALE_HIGH;
  words[1 - HIGH] = STALE_LOW;
}
