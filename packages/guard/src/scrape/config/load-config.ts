import { dirname } from 'node:path';
import {
  checkShape,
  expandGlob,
  isNonEmpty,
  type Path,
  readOneYaml,
  readTextFile,
  relativeTo,
  type YamlOptions,
  type YamlSource,
} from '../../config/index.ts';
import { Labels, milliseconds, type Problem, UserError } from '../../core/index.ts';
import { isSecretPath } from '../../http-client/index.ts';
import { isLabelName } from '../name-validation.ts';
import { alertingConfigOf, alertingProblems } from './alerting-section.ts';
import { expandEnvironment } from './expand-environment.ts';
import { duplicateJobs, jobProblems, type PlacedJob, timeoutProblems } from './job-checks.ts';
import { type JobFields, jobsSchema } from './job-schema.ts';
import { otlpConfigOf } from './otlp-section.ts';
import { type GlobalFields, prometheusSchema } from './prometheus-schema.ts';
import { type GlobalSettings, resolveJob } from './resolve-job.ts';
import type { PrometheusConfig } from './types.ts';
import { refuseUnsupportedFields } from './unsupported-fields.ts';

/** Struct fields of texts, numbers and truth values, as the reference declares them. */
const AS_GO_READS: YamlOptions = { scalars: 'texts', emptyKeys: 'absent', isSecret: isSecretPath };

const MINUTE = milliseconds(60_000);
/** Prometheus's defaults: a minute for both intervals, 10 s for a scrape and for sending alerts. */
const DEFAULT_TIMEOUT = milliseconds(10_000);

export interface LoadOptions {
  /** Fills variables in external labels; that of the process by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether jobs write the extra report series unless the file says otherwise. */
  readonly extraScrapeMetrics?: boolean;
}

/**
 * Reads a real `prometheus.yml`, and the files that its `scrape_config_files` name. What it asks for is carried out or
 * refused by name; nothing is ignored.
 *
 * @throws UserError `bad-yaml`, `unsupported-field`, `unknown-field`, `missing-field`, `bad-value`,
 *   `timeout-above-interval`, `duplicate-job`, each with its place; `unreadable-file`
 */
export function loadPrometheusConfig(
  file: string,
  text: string,
  { environment = process.env, extraScrapeMetrics = false }: LoadOptions = {},
): PrometheusConfig {
  const source = readOneYaml(file, text, AS_GO_READS);
  refuseUnsupportedFields(source);
  const shape = checkShape(prometheusSchema, source);
  const global = globalSettings(shape.global ?? {}, extraScrapeMetrics);
  const folder = dirname(file);
  const jobs = [
    ...placedJobs(source, shape.scrape_configs, global, folder),
    ...(shape.scrape_config_files ?? [])
      .flatMap(pattern => expandGlob(relativeTo(folder, pattern)))
      .flatMap(path => jobsOfFile(path, global)),
  ];
  const nameValidation = global.fields.metric_name_validation_scheme || 'utf8';
  const alerting = alertingConfigOf(shape.alerting ?? {}, folder, nameValidation);
  const problems = [
    ...timeoutProblems(source, ['global'], global),
    ...alertingProblems(source, alerting),
    ...externalLabelProblems(source, global.fields),
    ...jobs.flatMap(({ source: place, path, job }) => jobProblems(place, path, job)),
    ...duplicateJobs(jobs),
  ];
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  const warnings: Problem[] = [];
  const maxExemplars = shape.storage?.exemplars?.max_exemplars;
  return {
    file,
    text: source.redacted,
    scrapeInterval: global.scrapeInterval,
    scrapeTimeout: global.scrapeTimeout,
    evaluationInterval: global.fields.evaluation_interval || MINUTE,
    ruleQueryOffset: global.fields.rule_query_offset ?? 0,
    externalLabels: externalLabels(source, global.fields, environment, warnings),
    ruleFiles: shape.rule_files ?? [],
    scrapeConfigs: jobs.map(({ job }) => job),
    alerting,
    otlp: otlpConfigOf(shape.otlp),
    ...(maxExemplars !== undefined && { maxExemplars }),
    warnings,
  };
}

function globalSettings(fields: GlobalFields, extraScrapeMetrics: boolean): GlobalSettings {
  const scrapeInterval = fields.scrape_interval || MINUTE;
  const scrapeTimeout = fields.scrape_timeout || Math.min(DEFAULT_TIMEOUT, scrapeInterval);
  return { fields, scrapeInterval, scrapeTimeout, extraScrapeMetrics };
}

const placedJobs = (
  source: YamlSource,
  jobs: readonly JobFields[] | undefined,
  global: GlobalSettings,
  folder: string,
): PlacedJob[] =>
  (jobs ?? []).map((fields, index) => {
    const path: Path = ['scrape_configs', index];
    return { job: resolveJob(fields, global, folder), source, path };
  });

/** The jobs of one of `scrape_config_files`; what it names is relative to its own folder. */
function jobsOfFile(path: string, global: GlobalSettings): PlacedJob[] {
  const { file, text } = readTextFile(path);
  if (text.trim() === '') return [];
  const source = readOneYaml(file, text, AS_GO_READS);
  refuseUnsupportedFields(source);
  const { scrape_configs: jobs } = checkShape(jobsSchema, source);
  return placedJobs(source, jobs, global, dirname(path));
}

function externalLabelProblems(source: YamlSource, { external_labels, ...fields }: GlobalFields): Problem[] {
  const validation = fields.metric_name_validation_scheme || 'utf8';
  return Object.keys(external_labels ?? {})
    .filter(name => !isLabelName(name, validation))
    .map(name =>
      source.problemAtKey(['global', 'external_labels', name], {
        code: 'bad-value',
        message: `${JSON.stringify(name)} is not a label name`,
      }),
    );
}

function externalLabels(
  source: YamlSource,
  { external_labels: labels = {} }: GlobalFields,
  environment: Readonly<Record<string, string | undefined>>,
  warnings: Problem[],
): Labels {
  const expanded = Object.entries(labels).map(([name, value]): [string, string] => {
    const onMissing = (variable: string) =>
      warnings.push(
        source.problemAt(['global', 'external_labels', name], {
          code: 'empty-variable',
          message: `the environment variable ${variable} is empty`,
        }),
      );
    return [name, expandEnvironment(value, environment, onMissing)];
  });
  return Labels.of(expanded);
}
