import {
  type Clock,
  type Logger,
  METRIC_NAME,
  type Milliseconds,
  messageOf,
  startTicker,
  UserError,
} from '../core/index.ts';
import type { MetadataEntry } from '../exposition/index.ts';
import type { Appendable, Appender } from '../promql/index.ts';
import type { ScrapeFetch, ScrapeResponse } from './http-fetch.ts';
import { type IngestCounts, ingest, markVanished } from './ingest.ts';
import type { ScrapeMetrics } from './metrics.ts';
import { createSeriesCache } from './series-cache.ts';
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
  readonly fetch: ScrapeFetch;
}

export interface ScrapeLoop {
  readonly target: Target;
  status(): ScrapeStatus;
  /** Metadata lines of the last scrapes, by metric family. */
  metadata(): ReadonlyMap<string, MetadataEntry>;
  /** Waits for a running scrape. Writes no staleness markers: after a restart the series go on. */
  stop(): Promise<void>;
  /** Stops, and marks everything stale once a recreated target would have been scraped twice. */
  retire(): Promise<void>;
}

/** Timers late by no more than this, and by no more than a hundredth of the interval, keep the due timestamp. */
const ALIGNMENT_TOLERANCE = 2;

const ACCEPT = [
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5',
  'application/openmetrics-text;version=0.0.1;q=0.4',
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3',
  'text/plain;version=0.0.4;q=0.2',
  '*/*;q=0.1',
].join(',');

const REPORT_SERIES = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const;

const EMPTY: ScrapeResponse = { contentType: undefined, body: new Uint8Array() };

/** Scrapes one target at its interval until stopped. One appender's commit a scrape. */
export function startScrapeLoop(options: ScrapeLoopOptions): ScrapeLoop {
  const { target, appendable, clock, logger, metrics } = options;
  const cache = createSeriesCache();
  const metadata = new Map<string, MetadataEntry>();
  const ending = new AbortController();
  const reportLabels = REPORT_SERIES.map(name => target.labels.with({ [METRIC_NAME]: name }));
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
    if (status.lastScrape !== undefined) {
      metrics.intervalLength.observe(
        { interval: String(target.interval / 1000) },
        (at - status.lastScrape) / 1000,
      );
    }
    const fetched = await fetchBody();
    // Cut off by stopping, which says nothing about the target.
    if (ending.signal.aborted) return;
    const counts: IngestCounts = { scraped: 0, kept: 0, seriesAdded: 0 };
    const { appender, error: ingestError } = await store(fetched.response, at, counts);
    const error = fetched.error ?? ingestError;
    const lastDuration = clock.monotonic() - started;
    status = {
      health: error === undefined ? 'up' : 'down',
      lastError: error === undefined ? '' : messageOf(error),
      lastScrape: at,
      lastDuration,
    };
    if (error !== undefined) logger.debug({ target: target.url, error: messageOf(error) }, 'scrape failed');
    const { scraped, kept, seriesAdded } = counts;
    const values = [error === undefined ? 1 : 0, lastDuration / 1000, scraped, kept, seriesAdded];
    for (const [i, labels] of reportLabels.entries()) appender.append(labels, at, values[i]!);
    commit(appender);
  }

  async function fetchBody(): Promise<{ response: ScrapeResponse; error?: unknown }> {
    const timeout = new AbortController();
    const message = `no whole answer within the scrape timeout of ${target.timeout / 1000} s`;
    const timer = clock.after(target.timeout, () => timeout.abort(new UserError('scrape-timeout', message)));
    const signal = AbortSignal.any([timeout.signal, ending.signal]);
    try {
      const fetching = options.fetch({
        url: target.url,
        headers: {
          accept: ACCEPT,
          'accept-encoding': target.config.enableCompression ? 'gzip' : 'identity',
          'user-agent': 'slo-guard',
          'x-prometheus-scrape-timeout-seconds': String(target.timeout / 1000),
        },
        signal,
        bodySizeLimitBytes: target.config.bodySizeLimitBytes,
      });
      return { response: await Promise.race([fetching, rejectionOf(signal)]) };
    } catch (error) {
      if (error instanceof UserError && error.code === 'body-size-limit') metrics.bodySizeLimit.inc();
      return { response: EMPTY, error };
    } finally {
      timer.cancel();
    }
  }

  /** The appender to go on with, and why the body's samples are not in it. */
  async function store(
    response: ScrapeResponse,
    at: Milliseconds,
    counts: IngestCounts,
  ): Promise<{ appender: Appender; error?: unknown }> {
    const appender = appendable.appender();
    const ingestion = { target, cache, metrics, clock, at, counts, onMetadata: remember };
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

  function remember(entry: MetadataEntry): void {
    metadata.set(entry.name, { ...metadata.get(entry.name), ...entry });
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
    for (const labels of reportLabels) appender.appendStale(labels, at);
    commit(appender);
  }

  return {
    target,
    status: () => status,
    metadata: () => metadata,
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

/** Rejects when the signal is aborted: a transport that does not heed it must not hold up its target for ever. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
}
