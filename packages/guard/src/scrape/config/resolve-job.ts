import { httpClientConfig } from '../../http-client/index.ts';
import type { NameValidation } from '../name-validation.ts';
import { discoveryConfigs } from './discovery-fields.ts';
import type { JobFields } from './job-schema.ts';
import type { GlobalFields } from './prometheus-schema.ts';
import { DEFAULT_PROTOCOLS, type EscapingScheme, PROTOCOLS } from './protocols.ts';
import type { ScrapeConfig, ScrapeLimits } from './types.ts';

/** What jobs fall back on: the `global` section with its defaults filled in. */
export interface GlobalSettings {
  readonly fields: GlobalFields;
  readonly scrapeInterval: number;
  readonly scrapeTimeout: number;
  /** Of `extra_scrape_metrics`, where nothing says otherwise. */
  readonly extraScrapeMetrics: boolean;
}

/** A job with everything that its file leaves out (config/config.go ScrapeConfig.Validate). Paths are relative to `folder`. */
export function resolveJob(fields: JobFields, global: GlobalSettings, folder: string): ScrapeConfig {
  const scrapeInterval = fields.scrape_interval || global.scrapeInterval;
  const { nameValidation, escapingScheme } = names(fields, global.fields);
  const fallback = fields.fallback_scrape_protocol;
  return {
    jobName: fields.job_name,
    scrapeInterval,
    scrapeTimeout: fields.scrape_timeout || Math.min(global.scrapeTimeout, scrapeInterval),
    metricsPath: fields.metrics_path ?? '/metrics',
    scheme: fields.scheme ?? 'http',
    params: fields.params ?? {},
    honorLabels: fields.honor_labels ?? false,
    honorTimestamps: fields.honor_timestamps ?? true,
    trackTimestampsStaleness: fields.track_timestamps_staleness ?? false,
    enableCompression: fields.enable_compression ?? true,
    protocols: fields.scrape_protocols ?? global.fields.scrape_protocols ?? DEFAULT_PROTOCOLS,
    ...(fallback && { fallbackFormat: PROTOCOLS[fallback].format }),
    nameValidation,
    escapingScheme,
    extraScrapeMetrics:
      fields.extra_scrape_metrics ?? global.fields.extra_scrape_metrics ?? global.extraScrapeMetrics,
    alwaysScrapeClassicHistograms:
      fields.always_scrape_classic_histograms ?? global.fields.always_scrape_classic_histograms ?? false,
    http: httpClientConfig(fields, folder),
    discovery: discoveryConfigs(fields, folder),
    relabelRules: (fields.relabel_configs ?? []).map(rule => ({ ...rule, nameValidation })),
    metricRelabelRules: (fields.metric_relabel_configs ?? []).map(rule => ({ ...rule, nameValidation })),
    ...limits(fields, global.fields),
  };
}

function limits(job: JobFields, global: GlobalFields): ScrapeLimits {
  const limit = (name: keyof GlobalFields & keyof JobFields) => Number(job[name] || global[name] || 0);
  return {
    bodySizeLimitBytes: limit('body_size_limit'),
    sampleLimit: limit('sample_limit'),
    targetLimit: limit('target_limit'),
    labelLimit: limit('label_limit'),
    labelNameLengthLimit: limit('label_name_length_limit'),
    labelValueLengthLimit: limit('label_value_length_limit'),
    keepDroppedTargets: limit('keep_dropped_targets'),
  };
}

const ESCAPING_OF: Readonly<Record<NameValidation, EscapingScheme>> = {
  utf8: 'allow-utf-8',
  legacy: 'underscores',
};

/** A job that says which names are valid does not take over how the global section escapes others. */
function names(job: JobFields, global: GlobalFields) {
  const globalValidation = global.metric_name_validation_scheme || 'utf8';
  const ownValidation = job.metric_name_validation_scheme || undefined;
  const nameValidation = ownValidation ?? globalValidation;
  const inherited = ownValidation ? ESCAPING_OF[ownValidation] : global.metric_name_escaping_scheme;
  return {
    nameValidation,
    escapingScheme: job.metric_name_escaping_scheme || inherited || ESCAPING_OF[globalValidation],
  };
}
