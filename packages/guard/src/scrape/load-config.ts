import { checkShape, isNonEmpty, readOneYaml, type YamlSource } from '../config/index.ts';
import { formatDuration, Labels, milliseconds, type Problem, UserError } from '../core/index.ts';
import {
  type PrometheusFile,
  prometheusSchema,
  type ScrapeFields,
  type StaticGroupFields,
} from './config-schema.ts';
import type { PrometheusConfig, ScrapeConfig, StaticGroup } from './config-types.ts';
import { refuseUnsupportedFields } from './unsupported-fields.ts';

const MINUTE = milliseconds(60_000);
/** Prometheus's defaults: a minute for both intervals, 10 s for a scrape and for sending alerts. */
const DEFAULT_TIMEOUT = milliseconds(10_000);

type Global = NonNullable<PrometheusFile['global']>;

/**
 * Reads a real `prometheus.yml`. What it asks for is carried out or refused by name; nothing is ignored.
 *
 * @throws UserError `bad-yaml`, `unsupported-field`, `unknown-field`, `missing-field`, `bad-value`,
 *   `timeout-above-interval`, `duplicate-job`, each with its place
 */
export function loadPrometheusConfig(file: string, text: string): PrometheusConfig {
  const source = readOneYaml(file, text);
  refuseUnsupportedFields(source);
  const shape = checkShape(prometheusSchema, source);
  const global = shape.global ?? {};
  const scrapeInterval = global.scrape_interval || MINUTE;
  const scrapeTimeout = global.scrape_timeout || Math.min(DEFAULT_TIMEOUT, scrapeInterval);
  const scrapeConfigs = (shape.scrape_configs ?? []).map(fields =>
    scrapeConfigOf(fields, global, scrapeInterval, scrapeTimeout),
  );
  const problems = [
    ...timeoutProblems(source, scrapeInterval, scrapeTimeout, scrapeConfigs),
    ...duplicateJobs(source, scrapeConfigs),
  ];
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  const maxExemplars = shape.storage?.exemplars?.max_exemplars;
  return {
    file,
    text,
    scrapeInterval,
    scrapeTimeout,
    evaluationInterval: global.evaluation_interval || MINUTE,
    ruleQueryOffset: global.rule_query_offset ?? 0,
    externalLabels: Labels.of(global.external_labels ?? {}),
    ruleFiles: shape.rule_files ?? [],
    scrapeConfigs,
    alertmanagers: (shape.alerting?.alertmanagers ?? []).map(manager => ({
      scheme: manager.scheme ?? 'http',
      pathPrefix: manager.path_prefix ?? '',
      timeout: manager.timeout || DEFAULT_TIMEOUT,
      staticGroups: groupsOf(manager.static_configs),
    })),
    ...(maxExemplars !== undefined && { maxExemplars }),
  };
}

function scrapeConfigOf(
  fields: ScrapeFields,
  global: Global,
  interval: number,
  timeout: number,
): ScrapeConfig {
  const scrapeInterval = fields.scrape_interval || interval;
  return {
    jobName: fields.job_name,
    scrapeInterval,
    scrapeTimeout: fields.scrape_timeout || Math.min(timeout, scrapeInterval),
    metricsPath: fields.metrics_path ?? '/metrics',
    scheme: fields.scheme ?? 'http',
    params: fields.params ?? {},
    honorLabels: fields.honor_labels ?? false,
    honorTimestamps: fields.honor_timestamps ?? true,
    enableCompression: fields.enable_compression ?? true,
    staticGroups: groupsOf(fields.static_configs),
    relabelRules: fields.relabel_configs ?? [],
    metricRelabelRules: fields.metric_relabel_configs ?? [],
    sampleLimit: fields.sample_limit || (global.sample_limit ?? 0),
    bodySizeLimitBytes: fields.body_size_limit || (global.body_size_limit ?? 0),
    labelLimit: fields.label_limit || (global.label_limit ?? 0),
    labelNameLengthLimit: fields.label_name_length_limit || (global.label_name_length_limit ?? 0),
    labelValueLengthLimit: fields.label_value_length_limit || (global.label_value_length_limit ?? 0),
  };
}

const groupsOf = (groups: readonly StaticGroupFields[] | null | undefined): StaticGroup[] =>
  (groups ?? []).map(({ targets, labels }) => ({ targets: targets ?? [], labels: labels ?? {} }));

function timeoutProblems(
  source: YamlSource,
  interval: number,
  timeout: number,
  configs: readonly ScrapeConfig[],
): Problem[] {
  const problem = (path: readonly (string | number)[], t: number, i: number) =>
    source.problemAt([...path, 'scrape_timeout'], {
      code: 'timeout-above-interval',
      message: `the scrape timeout ${formatDuration(t)} is longer than the interval ${formatDuration(i)}`,
    });
  return [
    ...(timeout > interval ? [problem(['global'], timeout, interval)] : []),
    ...configs.flatMap(({ scrapeTimeout, scrapeInterval }, index) =>
      scrapeTimeout > scrapeInterval
        ? [problem(['scrape_configs', index], scrapeTimeout, scrapeInterval)]
        : [],
    ),
  ];
}

function duplicateJobs(source: YamlSource, configs: readonly ScrapeConfig[]): Problem[] {
  return configs.flatMap(({ jobName }, index) =>
    configs.findIndex(other => other.jobName === jobName) === index
      ? []
      : [
          source.problemAt(['scrape_configs', index, 'job_name'], {
            code: 'duplicate-job',
            message: `two scrape configs have the job name ${JSON.stringify(jobName)}`,
          }),
        ],
  );
}
