import type { Milliseconds } from '../core/index.ts';
import type { ResourceSpans } from '../otlp/index.ts';

/** What spans a search wants: all conditions must hold for one span, whose whole trace is then the answer. */
export interface TraceQuery {
  /** Every service when left out. */
  readonly service?: string;
  readonly operation?: string;
  /** Key to value as text, looked for among the span's, its events' and its resource's tags (see `tagsOf`). */
  readonly tags?: Readonly<Record<string, string>>;
  /** Inclusive, microseconds. */
  readonly minDurationMicros?: number;
  readonly maxDurationMicros?: number;
  /** Start of the span, inclusive, microseconds since the Unix epoch. */
  readonly startMicros?: number;
  readonly endMicros?: number;
  /** Most traces in the answer, those with the most recent matching spans; 1 to `MAX_SEARCH_LIMIT`. */
  readonly limit: number;
}

export const MAX_SEARCH_LIMIT = 1500;

/** The spans of a trace that are stored so far, by resource and scope, in order of start. */
export interface StoredTrace {
  readonly traceId: string;
  readonly resourceSpans: readonly ResourceSpans[];
  /** More than `resourceSpans` holds when the trace is larger than one answer may be. */
  readonly spanCount: number;
}

/** A trace in a list. */
export interface TraceSummary {
  readonly traceId: string;
  readonly rootService: string;
  readonly rootOperation: string;
  /** Start of the earliest span, Unix milliseconds with fractions. */
  readonly start: Milliseconds;
  /** From the earliest start to the latest end. */
  readonly duration: Milliseconds;
  readonly spanCount: number;
  /** Sorted. */
  readonly services: readonly string[];
  /** Whether any span has status error. */
  readonly error: boolean;
}

/** Reading failed because the store is closed, or its worker ended and has not come back yet. */
export class SpanStoreUnavailable extends Error {
  override readonly name = 'SpanStoreUnavailable';
}

export interface OperationName {
  readonly name: string;
  /** As in OTLP, 0 to 5. */
  readonly kind: number;
}

export interface SpanStoreStatistics {
  readonly spans: number;
  readonly traces: number;
  /** Of the database file, its log not counted. */
  readonly fileBytes: number;
  /** Spans waiting to be committed. */
  readonly queuedSpans: number;
  /** Of the worker's JavaScript heap. */
  readonly workerHeapBytes: number;
}

/**
 * Durable spans, searchable. Reads see every span whose `write` has resolved, and throw SpanStoreUnavailable when
 * the store is closed or its worker was lost.
 */
export interface SpanStore {
  /**
   * Resolves once the spans are on disk. A span that is stored already is left as it is.
   *
   * @throws IngestRefused `overloaded` when the queue is full, `unavailable` when the disk or the worker fails.
   */
  write(resourceSpans: readonly ResourceSpans[]): Promise<void>;
  /** Names, sorted. */
  services(): Promise<readonly string[]>;
  /** By name and kind, sorted; empty for a service that is not known. */
  operations(service: string, kind?: number): Promise<readonly OperationName[]>;
  /**
   * The most recently started matches first.
   *
   * @throws UserError `trace-search-too-wide` when too many spans had to be read.
   */
  search(query: TraceQuery): Promise<readonly StoredTrace[]>;
  /** Undefined when no span of it is stored. The id in lower case, zero-padded to 32 digits. */
  trace(traceId: string): Promise<StoredTrace | undefined>;
  /** The traces that got spans last, newest start first. */
  recent(limit: number): Promise<readonly TraceSummary[]>;
  statistics(): Promise<SpanStoreStatistics>;
  /** Commits what was accepted, then ends the worker. Later calls are refused as unavailable. */
  close(): Promise<void>;
}
