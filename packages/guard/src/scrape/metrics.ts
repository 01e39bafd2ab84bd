import { Counter, type Registry, Summary } from 'prom-client';

/** Counters under the names that Prometheus gives them. */
export function createScrapeMetrics(registry: Registry) {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  return {
    intervalLength: new Summary({
      name: 'prometheus_target_interval_length_seconds',
      help: 'Actual intervals between scrapes.',
      labelNames: ['interval'],
      percentiles: [0.01, 0.05, 0.5, 0.9, 0.99],
      maxAgeSeconds: 600,
      ageBuckets: 5,
      registers: [registry],
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
    commitFailed: counter(
      'slo_guard_scrape_commits_failed_total',
      'Scrapes whose samples the store refused.',
    ),
  };
}

export type ScrapeMetrics = ReturnType<typeof createScrapeMetrics>;
