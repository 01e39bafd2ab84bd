import type { Labels, Milliseconds } from '../../core/index.ts';
import type { FamilyMetadata } from '../../exposition/index.ts';
import type { Samples } from '../../promql/index.ts';

/** Some of the samples of a series, in order of time. */
export interface SampleBlock {
  readonly labels: Labels;
  readonly samples: Samples;
}

/** The series of one metric. */
export interface Metric {
  readonly name: string;
  /** Ordered by labels. */
  readonly series: readonly Labels[];
  /** How many samples there are, staleness markers included; undefined where only reading tells. */
  readonly sampleCount: number | undefined;
  /** The series in their order; a long one in several blocks. May be read once. */
  blocks(): AsyncIterable<SampleBlock>;
}

/** Where samples are exported from. */
export interface SampleSource {
  /** Names of all metrics with series in the bounds. */
  metricNames(): Promise<readonly string[]>;
  /** Undefined when it has no samples. */
  metric(name: string): Promise<Metric | undefined>;
  /** What is known of metrics, by the name under which the source knows them. */
  metadata(): Promise<ReadonlyMap<string, FamilyMetadata>>;
  /** What was left out, for people. Complete once everything has been read. */
  notes(): readonly string[];
  close(): Promise<void>;
}

/** Which samples are exported. Times are inclusive. */
export interface Bounds {
  readonly start: Milliseconds;
  readonly end: Milliseconds;
}
