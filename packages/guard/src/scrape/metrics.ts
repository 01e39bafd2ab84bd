import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';
import type { Milliseconds } from '../core/index.ts';
import type { ScrapePool } from './scrape-pool.ts';

const QUANTILES = { percentiles: [0.01, 0.05, 0.5, 0.9, 0.99], maxAgeSeconds: 600, ageBuckets: 5 };

/** Metrics under the names that Prometheus gives them (scrape/metrics.go). */
export function createScrapeMetrics(registry: Registry, pools: () => Iterable<ScrapePool>) {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const ofPool = { labelNames: ['scrape_job'] as const, registers };
  registerMetadataMetrics(registry, pools);
  const metrics = {
    intervalLength: new Summary({
      name: 'prometheus_target_interval_length_seconds',
      help: 'Actual intervals between scrapes.',
      labelNames: ['interval'],
      ...QUANTILES,
      registers,
    }),
    intervalLengthHistogram: new Histogram({
      name: 'prometheus_target_interval_length_histogram_seconds',
      help: 'Actual intervals between scrapes.',
      labelNames: ['interval'],
      buckets: [0.01, 0.1, 1, 10],
      registers,
    }),
    missed: counter(
      'slo_guard_scrapes_missed_total',
      'Scrapes skipped because the one before took too long.',
    ),
    sampleLimit: counter(
      'prometheus_target_scrapes_exceeded_sample_limit_total',
      'Scrapes that hit the sample limit and were rejected.',
    ),
    bodySizeLimit: counter(
      'prometheus_target_scrapes_exceeded_body_size_limit_total',
      'Scrapes that hit the body size limit and were rejected.',
    ),
    labelLimits: counter(
      'prometheus_target_scrape_pool_exceeded_label_limits_total',
      'Scrapes that hit a label limit and were rejected.',
    ),
    duplicate: counter(
      'prometheus_target_scrapes_sample_duplicate_timestamp_total',
      'Samples rejected because another value stands at their timestamp.',
    ),
    outOfOrder: counter(
      'prometheus_target_scrapes_sample_out_of_order_total',
      'Samples rejected because a newer one exists.',
    ),
    outOfBounds: counter(
      'prometheus_target_scrapes_sample_out_of_bounds_total',
      'Samples rejected because their timestamp is too old or too far in the future.',
    ),
    exemplarOutOfOrder: counter(
      'prometheus_target_scrapes_exemplar_out_of_order_total',
      'Exemplars rejected because a newer one exists.',
    ),
    cacheFlushForced: counter(
      'prometheus_target_scrapes_cache_flush_forced_total',
      'Times that series of failing scrapes were forgotten because there were too many.',
    ),
    commitFailed: counter(
      'slo_guard_scrape_commits_failed_total',
      'Scrapes whose samples the store refused.',
    ),
    exceededTargetLimit: counter(
      'prometheus_target_scrape_pool_exceeded_target_limit_total',
      'Times that a job was found to have more targets than its limit.',
    ),
    poolReloads: counter(
      'prometheus_target_scrape_pool_reloads_total',
      'Times that a job was given a new configuration.',
    ),
    pools: counter('prometheus_target_scrape_pools_total', 'Jobs that were begun.'),
    poolTargetLimit: new Gauge({
      name: 'prometheus_target_scrape_pool_target_limit',
      help: 'Targets that a job may have; 0 is no limit.',
      ...ofPool,
    }),
    poolTargets: new Gauge({
      name: 'prometheus_target_scrape_pool_targets',
      help: 'Targets of a job now.',
      ...ofPool,
    }),
    poolSyncs: new Counter({
      name: 'prometheus_target_scrape_pool_sync_total',
      help: 'Times that the targets of a job were brought up to date.',
      ...ofPool,
    }),
    syncLength: new Summary({
      name: 'prometheus_target_sync_length_seconds',
      help: 'How long it takes to bring the targets of a job up to date.',
      ...QUANTILES,
      ...ofPool,
    }),
    syncLengthHistogram: new Histogram({
      name: 'prometheus_target_sync_length_histogram_seconds',
      help: 'How long it takes to bring the targets of a job up to date.',
      buckets: [0.01, 0.1, 1, 10],
      ...ofPool,
    }),
    syncFailed: new Counter({
      name: 'prometheus_target_sync_failed_total',
      help: 'Targets that cannot be scraped for what their labels say.',
      ...ofPool,
    }),
  };
  return {
    ...metrics,
    /** A job that is gone has no metrics of its own. */
    forgetPool(job: string): void {
      const { poolTargetLimit, poolTargets, poolSyncs, syncLength, syncLengthHistogram, syncFailed } =
        metrics;
      for (const metric of [
        poolTargetLimit,
        poolTargets,
        poolSyncs,
        syncLength,
        syncLengthHistogram,
        syncFailed,
      ])
        metric.remove({ scrape_job: job });
    },
  };
}

export type ScrapeMetrics = ReturnType<typeof createScrapeMetrics>;

/** Counted when they are asked for: metadata changes with every scrape. */
function registerMetadataMetrics(registry: Registry, pools: () => Iterable<ScrapePool>): void {
  const gauge = (name: string, help: string, read: (pool: ScrapePool) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['scrape_job'],
      registers: [registry],
      collect() {
        this.reset();
        for (const pool of pools()) this.set({ scrape_job: pool.config.jobName }, read(pool));
      },
    });
  gauge(
    'prometheus_target_metadata_cache_entries',
    'Metric families that the targets of a job describe.',
    pool => pool.targets().reduce((sum, { loop }) => sum + loop.metadata.families.size, 0),
  );
  gauge('prometheus_target_metadata_cache_bytes', 'Bytes of the texts that describe them.', pool =>
    pool.targets().reduce((sum, { loop }) => sum + loop.metadata.size(), 0),
  );
}

/** As Go prints a duration: `15s`, `1m0s`, `1h0m0s`. */
export function goInterval(interval: Milliseconds): string {
  const seconds = (interval % 60_000) / 1000;
  const minutes = Math.floor(interval / 60_000) % 60;
  const hours = Math.floor(interval / 3_600_000);
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  if (minutes > 0) return `${minutes}m${seconds}s`;
  return interval < 1000 ? `${interval}ms` : `${seconds}s`;
}
