import { type Clock, type Milliseconds, UserError } from '../core/index.ts';
import { createExpositionReader, type ExpositionReader, type SampleEntry } from '../exposition/index.ts';
import type { Appendable, Appender } from '../promql/index.ts';
import type { MetadataCache } from './metadata-cache.ts';
import type { ScrapeMetrics } from './metrics.ts';
import { checkSampleLabels, sampleLabels } from './sample-labels.ts';
import { createSampleWriter } from './sample-writer.ts';
import type { ScrapeResponse } from './scrape-client.ts';
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
  readonly metadata: MetadataCache;
  readonly metrics: ScrapeMetrics;
  readonly appendable: Appendable;
  readonly clock: Clock;
  /** Whether `_created` lines give the zero that a counter began with, instead of series. */
  readonly startTimestamps: boolean;
  /** The scrape's timestamp, for samples that give none. */
  readonly at: Milliseconds;
  readonly counts: IngestCounts;
}

/**
 * Appends a body's samples, its exemplars, and staleness markers for series that vanished. `counts` is filled even
 * when it fails; the caller then rolls the appender back. Rests between slices of a large body, so that rules and
 * notifications on the same thread are not held up.
 *
 * @throws UserError of the exposition, `sample-limit`, `series-limit`, or of `checkSampleLabels`
 */
export async function ingest(
  response: ScrapeResponse,
  appender: Appender,
  ingestion: Ingestion,
): Promise<void> {
  const { cache, metadata, metrics, at } = ingestion;
  // An empty body is no exposition at all: the reference does not even look at its type.
  const isEmpty = response.body.byteLength === 0;
  if (!isEmpty) await readSamples(response, appender, ingestion);
  markVanished(appender, cache, at);
  const forced = cache.finish(!isEmpty);
  if (forced) metrics.cacheFlushForced.inc();
  metadata.finish(!isEmpty || forced);
}

/** Outcomes are of no matter: a series that another loop writes by now keeps its newer samples. */
export function markVanished(appender: Appender, cache: SeriesCache, at: Milliseconds): void {
  for (const labels of cache.vanished()) appender.appendStale(labels, at);
}

async function readSamples(
  { contentType, body }: ScrapeResponse,
  appender: Appender,
  ingestion: Ingestion,
): Promise<void> {
  const { target, cache, metadata, metrics, counts, startTimestamps } = ingestion;
  const { sampleLimit, honorTimestamps, trackTimestampsStaleness, fallbackFormat } = target.config;
  const writer = createSampleWriter({ ...ingestion, appender });
  let appended = 0;

  function newSeries(entry: SampleEntry) {
    const exposed = entry.series();
    const labels = sampleLabels(exposed, target);
    if (labels) checkSampleLabels(labels, target);
    else cache.add(exposed.text, undefined);
    return labels && { text: exposed.text, labels, newest: Number.NEGATIVE_INFINITY };
  }

  function sample(entry: SampleEntry): void {
    counts.scraped++;
    const given = honorTimestamps ? entry.timestamp : undefined;
    const found = cache.find(entry.text);
    const series = found ? found.series : newSeries(entry);
    if (!series?.labels) return;
    counts.kept++;
    if (found?.again && given === undefined) {
      metrics.duplicate.inc();
      return;
    }
    // Past the limit the body is only counted.
    if (sampleLimit > 0 && ++appended > sampleLimit) return;
    const timestamp = given ?? ingestion.at;
    const start = startTimestamps ? entry.startTimestamp() : undefined;
    if (start && start > series.newest) writer.writeStart(series.labels, start, timestamp);
    if (!writer.write(series.labels, timestamp, entry)) return;
    if (!found) counts.seriesAdded++;
    const cached = found ? found.series : cache.add(series.text, series.labels);
    cached.newest = timestamp;
    if (given === undefined || trackTimestampsStaleness) cache.track(cached);
  }

  const visitor = { sample, metadata: metadata.remember, expected: cache.expected };
  const options = { startTimestamps, ...(fallbackFormat && { fallback: fallbackFormat }) };
  await readInSlices(createExpositionReader(contentType, body, visitor, options), ingestion.clock);
  if (sampleLimit > 0 && appended > sampleLimit) {
    metrics.sampleLimit.inc();
    throw new UserError(
      'sample-limit',
      `sample_limit exceeded: ${appended} samples, ${sampleLimit} are allowed`,
    );
  }
}

/** Lines between two looks at the clock. */
const BATCH_LINES = 256;
/** A tenth of what an evaluation may be late; the rest is for other targets and the commit. */
const SLICE_MS = 10;

async function readInSlices(reader: ExpositionReader, clock: Clock): Promise<void> {
  let begun = clock.monotonic();
  while (reader.read(BATCH_LINES)) {
    if (clock.monotonic() - begun < SLICE_MS) continue;
    await clock.sleep(0);
    begun = clock.monotonic();
  }
}
