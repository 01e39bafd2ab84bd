import { type Labels, type Milliseconds, UserError, unreachable } from '../core/index.ts';
import { type MetadataEntry, type SeriesEntry, visitExposition } from '../exposition/index.ts';
import type { Appender } from '../promql/index.ts';
import type { ScrapeResponse } from './http-fetch.ts';
import type { ScrapeMetrics } from './metrics.ts';
import { checkSampleLabels, sampleLabels } from './sample-labels.ts';
import type { SeriesCache } from './series-cache.ts';
import type { Target } from './target.ts';

/** What one body held. */
export interface IngestCounts {
  /** Samples in the body. */
  scraped: number;
  /** Samples left after relabelling, those that the store refused included. */
  kept: number;
  /** Series that the last scrape did not have. */
  seriesAdded: number;
}

export interface Ingestion {
  readonly target: Target;
  readonly cache: SeriesCache;
  readonly metrics: ScrapeMetrics;
  /** The scrape's timestamp, for samples that give none. */
  readonly at: Milliseconds;
  readonly counts: IngestCounts;
  readonly onMetadata: (entry: MetadataEntry) => void;
}

/** Timestamps further in the future are refused. */
const MAX_AHEAD = 600_000;

/**
 * Appends a body's samples, its exemplars, and staleness markers for series that vanished. `counts` is filled even
 * when it throws; the caller then rolls the appender back.
 *
 * @throws UserError of the exposition, `sample-limit`, or of `checkSampleLabels`
 */
export function ingest(response: ScrapeResponse, appender: Appender, ingestion: Ingestion): void {
  const { target, cache, metrics, counts } = ingestion;
  // An empty body is no exposition at all: the reference does not even look at its type.
  if (response.body.byteLength === 0) {
    markVanished(appender, cache, ingestion.at);
    cache.finish(false);
    return;
  }
  const { sampleLimit } = target.config;
  let appended = 0;
  visitExposition(response.contentType, response.body, {
    series: entry => {
      counts.scraped++;
      const timestamp = target.config.honorTimestamps ? entry.timestamp : undefined;
      const found = cache.find(entry.labels);
      const labels = found ? found.series.labels : newSeries(entry.labels);
      if (!labels) return;
      counts.kept++;
      if (found?.again && timestamp === undefined) {
        metrics.duplicate.inc();
        return;
      }
      // Past the limit the body is only counted.
      const isWithinLimit = sampleLimit === 0 || ++appended <= sampleLimit;
      if (!isWithinLimit || !append(entry, labels, timestamp ?? ingestion.at)) return;
      if (timestamp === undefined) cache.track(labels);
      if (found) return;
      cache.add(entry.labels, labels);
      counts.seriesAdded++;
    },
    metadata: ingestion.onMetadata,
  });
  if (sampleLimit > 0 && appended > sampleLimit) {
    metrics.sampleLimit.inc();
    throw new UserError(
      'sample-limit',
      `sample_limit exceeded: ${appended} samples, ${sampleLimit} are allowed`,
    );
  }
  markVanished(appender, cache, ingestion.at);
  cache.finish(true);

  function newSeries(exposed: Labels): Labels | undefined {
    const labels = sampleLabels(exposed, target);
    if (labels) checkSampleLabels(labels, target);
    else cache.add(exposed, undefined);
    return labels;
  }

  function append(entry: SeriesEntry, labels: Labels, timestamp: Milliseconds): boolean {
    const isStored = appendSample(labels, timestamp, entry.value);
    if (entry.exemplar) {
      appender.appendExemplar(labels, {
        ...entry.exemplar,
        timestamp: entry.exemplar.timestamp ?? timestamp,
      });
    }
    return isStored;
  }

  function appendSample(labels: Labels, timestamp: Milliseconds, value: number): boolean {
    const outcome =
      timestamp > ingestion.at + MAX_AHEAD ? 'out-of-bounds' : appender.append(labels, timestamp, value);
    switch (outcome) {
      case 'appended':
      case 'duplicate':
        return true;
      case 'duplicate-other-value':
        metrics.duplicate.inc();
        return false;
      case 'out-of-order':
        metrics.outOfOrder.inc();
        return false;
      case 'out-of-bounds':
        metrics.outOfBounds.inc();
        return false;
      case 'series-limit':
        throw new UserError('series-limit', 'the store holds as many series as it is allowed to');
      default:
        return unreachable(outcome);
    }
  }
}

/** Outcomes are of no matter: a series that another loop writes by now keeps its newer samples. */
export function markVanished(appender: Appender, cache: SeriesCache, at: Milliseconds): void {
  for (const labels of cache.vanished()) appender.appendStale(labels, at);
}
