import type { SentLabel, SeriesIdentity } from './series-identity.ts';
import type { SeriesScanner } from './series-scanner.ts';

export interface SentExemplar {
  readonly labels: readonly SentLabel[];
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly value: number;
}

/** A series that cannot be read though the request can. */
export interface UnreadableSeries {
  readonly message: string;
  /** Whether it is its labels: its samples then count as ones with invalid labels. */
  readonly inLabels: boolean;
}

/** Labels, metadata and exemplars of the series that the scanner is on, in one version's way of writing them. */
export interface SeriesReader {
  readonly scanner: SeriesScanner;
  /** What keeps the series from being read; to be asked before anything else. */
  unreadable(): UnreadableSeries | undefined;
  /** The series' labels, judged; known series are found by their bytes. */
  identity(): SeriesIdentity;
  /** Whether the series says its type, help or unit. */
  hasMetadata(): boolean;
  /** As they were sent; in place of one that cannot be read, the reason. */
  exemplars(): ReadonlyArray<SentExemplar | string>;
}
