import type { Seconds } from '../../core/index.ts';

/** One combination of labels of a counter, and how much was counted. */
export interface ObservedRow {
  readonly labels: Readonly<Record<string, string>>;
  readonly total: number;
}

/** A counter, or a histogram's `_count` or `_bucket`, by its full name. */
export interface ObservedMetric {
  readonly name: string;
  readonly rows: readonly ObservedRow[];
}

/** What there is to make objectives of. */
export interface Observed {
  readonly metrics: readonly ObservedMetric[];
  /** Where it was seen, for the comments of the files. */
  readonly from: string;
  /** How long the counters have counted; undefined when that is not known. */
  readonly seconds: Seconds | undefined;
}

/** Metrics of clients and runtimes about themselves; nobody promises anything about those. */
const OWN_AFFAIRS = /^(go_|process_|promhttp_|nodejs_|scrape_|python_|jvm_|slo[:_]|otelcol_|ALERTS)/;

/** Names by which counters and histograms are known, whatever a server tells about types. */
export const isCandidate = (name: string): boolean =>
  /_(total|count|bucket)$/.test(name) && !OWN_AFFAIRS.test(name);
