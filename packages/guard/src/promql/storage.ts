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
}

/** One series as a querier sees it. */
export interface SeriesData {
  readonly labels: Labels;
  /** Samples with `from ≤ timestamp ≤ to`, both inclusive, staleness markers included. Empty when there are none. */
  samples(from: Milliseconds, to: Milliseconds): Samples;
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
