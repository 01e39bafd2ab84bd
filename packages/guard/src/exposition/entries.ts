import type { Labels, Milliseconds } from '../core/index.ts';

/** An exemplar as exposed; without a timestamp it stands at its sample's. */
export interface ExposedExemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestamp?: Milliseconds;
}

/** One sample line. */
export interface SeriesEntry {
  /** With the metric's name under `__name__`. Empty label values are gone. */
  readonly labels: Labels;
  readonly value: number;
  /** Given by the exposition itself; absent when the reader of the text decides. */
  readonly timestamp?: Milliseconds;
  readonly exemplar?: ExposedExemplar;
  /** The `_created` series of an OpenMetrics counter, summary or histogram: its value is a Unix time in seconds. */
  readonly created?: true;
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
  series(entry: SeriesEntry): void;
  metadata?(entry: MetadataEntry): void;
}
