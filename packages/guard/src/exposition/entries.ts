import type { Labels, Milliseconds } from '../core/index.ts';

/** An exemplar as exposed; without a timestamp it stands at its sample's. */
export interface ExposedExemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestamp?: Milliseconds;
}

/** A series read out of its text. Its strings are copies: they may be kept without keeping the exposition. */
export interface ReadSeries {
  /** The series as written. */
  readonly text: string;
  /** With the metric's name under `__name__`. Empty label values are gone. */
  readonly labels: Labels;
  /** Names of labels that were given empty: a scrape that honours labels takes them for "without this label". */
  readonly emptyLabels: readonly string[];
}

/** One sample line. Valid until the visitor returns. */
export interface SampleEntry {
  /** The series as written: its name and label block, escapes unread. Equal texts are the same series. */
  readonly text: string;
  readonly value: number;
  /** Given by the exposition itself; absent when the reader of the text decides. */
  readonly timestamp: Milliseconds | undefined;
  readonly exemplar: ExposedExemplar | undefined;
  /** Reads the series out of its text. @throws UserError `bad-exposition` when a label is given twice */
  series(): ReadSeries;
  /** When the series began, from the `_created` line of its metric; undefined when that is unknown or not asked for. */
  startTimestamp(): Milliseconds | undefined;
}

/** Metric types of both formats; text 0.0.4 calls `unknown` `untyped`. */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown';

/** One HELP, TYPE or UNIT line. */
export interface MetadataEntry {
  /** The metric family's name. */
  readonly name: string;
  readonly type?: MetricType;
  readonly help?: string;
  readonly unit?: string;
}

/** Takes entries in the order of the text. */
export interface ExpositionVisitor {
  sample(entry: SampleEntry): void;
  metadata?(entry: MetadataEntry): void;
  /**
   * The text of the series that is likely to stand next, '' for none. Expositions hardly change their order: comparing
   * with a guess that holds costs far less than reading the line.
   */
  expected?(): string;
}

/** How an exposition is read. */
export interface ReadOptions {
  /** Read as this when the content type is missing or not that of an exposition. */
  readonly fallback?: ExpositionFormat;
  /** Take OpenMetrics' `_created` lines for the start timestamps of their series instead of for series. */
  readonly startTimestamps?: boolean;
}

export type ExpositionFormat = 'text' | 'openmetrics';
