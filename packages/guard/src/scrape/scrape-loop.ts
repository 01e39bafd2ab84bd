import {
  type Clock,
  type Logger,
  type Milliseconds,
  messageOf,
  startTicker,
  UserError,
} from '../core/index.ts';
import type { Appendable, Appender } from '../promql/index.ts';
import { type IngestCounts, ingest, markVanished } from './ingest.ts';
import { createMetadataCache, type MetadataCache } from './metadata-cache.ts';
import { goInterval, type ScrapeMetrics } from './metrics.ts';
import { createReportWriter } from './report.ts';
import type { ScrapeClient, ScrapeResponse } from './scrape-client.ts';
import { createScrapeRequest } from './scrape-request.ts';
import { createSeriesCache } from './series-cache.ts';
import { shownError } from './shown-error.ts';
import type { Target } from './target.ts';

/** How the last scrape of a target went. */
export interface ScrapeStatus {
  readonly health: 'up' | 'down' | 'unknown';
  /** '' when the last scrape succeeded or there was none. */
  readonly lastError: string;
  readonly lastScrape?: Milliseconds;
  readonly lastDuration: Milliseconds;
}

export interface ScrapeLoopOptions {
  readonly target: Target;
  readonly offset: Milliseconds;
  readonly appendable: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ScrapeMetrics;
  readonly client: ScrapeClient;
  /** Whether `_created` lines give the zero that a counter began with. */
  readonly startTimestamps: boolean;
  /** Whether the target may compress its answer with zstd. */
  readonly zstd: boolean;
  /** Why the target must not be scraped now: its scrapes then fail without a request. */
  readonly refusal: () => UserError | undefined;
}

export interface ScrapeLoop {
  status(): ScrapeStatus;
  readonly metadata: MetadataCache;
  /** Waits for a running scrape. Writes no staleness markers: after a restart the series go on. */
  stop(): Promise<void>;
  /** Stops, and marks everything stale once a recreated target would have been scraped twice. */
  retire(): Promise<void>;
}

/** Timers late by no more than this, and by no more than a hundredth of the interval, keep the due timestamp. */
const ALIGNMENT_TOLERANCE = 2;

const EMPTY: ScrapeResponse = {
  contentType: undefined,
  body: new Uint8Array(),
  redact: text => text,
};

/** What came of asking a target. */
interface Fetched {
  readonly response: ScrapeResponse;
  readonly error?: unknown;
}

/** Scrapes one target at its interval until stopped. One appender's commit a scrape. */
export function startScrapeLoop(options: ScrapeLoopOptions): ScrapeLoop {
  const { target, appendable, clock, logger, metrics } = options;
  const cache = createSeriesCache();
  const metadata = createMetadataCache();
  const report = createReportWriter(target);
  const ending = new AbortController();
  const request = createScrapeRequest({ ...options, ending: ending.signal });
  let status: ScrapeStatus = { health: 'unknown', lastError: '', lastDuration: 0 };

  const ticker = startTicker(clock, {
    interval: target.interval,
    offset: options.offset,
    onTick: async (due, missed) => {
      metrics.missed.inc(missed);
      await scrape(timestampOf(due));
    },
    onError: error => logger.error({ target: target.url, error: messageOf(error) }, 'scrape failed within'),
  });

  function timestampOf(due: Milliseconds): Milliseconds {
    const now = clock.now();
    const tolerance = Math.min(target.interval / 100, ALIGNMENT_TOLERANCE);
    return now >= due && now - due <= tolerance ? due : now;
  }

  async function scrape(at: Milliseconds): Promise<void> {
    const started = clock.monotonic();
    if (status.lastScrape !== undefined) observeInterval(at - status.lastScrape);
    const fetched = await fetchBody();
    // Cut off by stopping, which says nothing about the target.
    if (ending.signal.aborted) return;
    const counts: IngestCounts = { scraped: 0, kept: 0, seriesAdded: 0 };
    const { appender, error: ingestError } = await store(fetched.response, at, counts);
    const error = fetched.error ?? ingestError;
    const duration = clock.monotonic() - started;
    const lastError = error === undefined ? '' : shownError(error, fetched.response);
    status = {
      health: error === undefined ? 'up' : 'down',
      lastError,
      lastScrape: at,
      lastDuration: duration,
    };
    if (error !== undefined) logger.debug({ target: target.url, error: lastError }, 'scrape failed');
    const bodyBytes = fetched.error ? bytesOf(fetched.error) : fetched.response.body.byteLength;
    report.write(appender, at, { isUp: error === undefined, duration, bodyBytes, ...counts });
    commit(appender);
  }

  function observeInterval(length: Milliseconds): void {
    const labels = { interval: goInterval(target.interval) };
    metrics.intervalLength.observe(labels, length / 1000);
    metrics.intervalLengthHistogram.observe(labels, length / 1000);
  }

  async function fetchBody(): Promise<Fetched> {
    const refusal = options.refusal();
    if (refusal) return { response: EMPTY, error: refusal };
    try {
      return { response: await request() };
    } catch (error) {
      if (bytesOf(error) < 0) metrics.bodySizeLimit.inc();
      return { response: EMPTY, error };
    }
  }

  /** The appender to go on with, and why the body's samples are not in it. */
  async function store(
    response: ScrapeResponse,
    at: Milliseconds,
    counts: IngestCounts,
  ): Promise<{ appender: Appender; error?: unknown }> {
    const ingestion = { ...options, cache, metadata, at, counts };
    const appender = appendable.appender();
    try {
      await ingest(response, appender, ingestion);
      return { appender };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code.startsWith('label-')) metrics.labelLimits.inc();
      appender.rollback();
      const markers = appendable.appender();
      // Series read before the failure stay tracked, so they get no marker: so it is in the reference.
      await ingest(EMPTY, markers, ingestion);
      return { appender: markers, error };
    }
  }

  function commit(appender: Appender): void {
    try {
      appender.commit();
    } catch (error) {
      metrics.commitFailed.inc();
      logger.error({ target: target.url, error: messageOf(error) }, 'the store refused a scrape');
    }
  }

  function markAllStale(at: Milliseconds): void {
    const appender = appendable.appender();
    markVanished(appender, cache, at);
    report.markStale(appender, at);
    commit(appender);
  }

  return {
    status: () => status,
    metadata,
    async stop() {
      ending.abort(new UserError('scrape-stopped', 'scraping was stopped'));
      await ticker.stop();
    },
    async retire() {
      await ticker.stop();
      if (status.lastScrape === undefined) return;
      // When the next scrape would have been. A target that came back writes newer samples before the
      // marker is made, which the store then refuses as out of order.
      const staleAt = status.lastScrape + target.interval;
      const delay = staleAt + target.interval * 1.1 - clock.now();
      await clock.sleep(Math.max(0, delay), ending.signal);
      markAllStale(staleAt);
    },
  };
}

/** What a failed scrape reports for the size of its body. */
const bytesOf = (error: unknown): number =>
  error instanceof UserError && error.code === 'body-size-limit' ? -1 : 0;
