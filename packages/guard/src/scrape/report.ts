import { type Labels, METRIC_NAME, type Milliseconds } from '../core/index.ts';
import type { Appender } from '../promql/index.ts';
import type { Target } from './target.ts';

/** What a scrape reports of itself (scrape/scrape.go report). */
export interface ScrapeReport {
  readonly isUp: boolean;
  readonly duration: Milliseconds;
  readonly scraped: number;
  readonly kept: number;
  readonly seriesAdded: number;
  /** Of the body after decompression; -1 beyond the limit, 0 after other failures. */
  readonly bodyBytes: number;
}

const SERIES: Readonly<Record<string, (report: ScrapeReport, target: Target) => number>> = {
  up: ({ isUp }) => (isUp ? 1 : 0),
  scrape_duration_seconds: ({ duration }) => duration / 1000,
  scrape_samples_scraped: ({ scraped }) => scraped,
  scrape_samples_post_metric_relabeling: ({ kept }) => kept,
  scrape_series_added: ({ seriesAdded }) => seriesAdded,
};

/** Written too with `extra_scrape_metrics`. */
const EXTRA_SERIES: typeof SERIES = {
  scrape_timeout_seconds: (_, { timeout }) => timeout / 1000,
  scrape_sample_limit: (_, { config }) => config.sampleLimit,
  scrape_body_size_bytes: ({ bodyBytes }) => bodyBytes,
};

/** The report series of a target. Their outcomes are of no matter: a target that came back has newer samples. */
export interface ReportWriter {
  write(appender: Appender, at: Milliseconds, report: ScrapeReport): void;
  markStale(appender: Appender, at: Milliseconds): void;
}

export function createReportWriter(target: Target): ReportWriter {
  const kinds = { ...SERIES, ...(target.config.extraScrapeMetrics && EXTRA_SERIES) };
  const series = Object.entries(kinds).map(([name, read]): [Labels, typeof read] => [
    target.labels.with({ [METRIC_NAME]: name }),
    read,
  ]);
  return {
    write(appender, at, report) {
      for (const [labels, read] of series) appender.append(labels, at, read(report, target));
    },
    markStale(appender, at) {
      for (const [labels] of series) appender.appendStale(labels, at);
    },
  };
}
