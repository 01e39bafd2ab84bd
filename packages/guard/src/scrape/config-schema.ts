import { z } from 'zod';
import { durationField, stringMapField } from '../config/index.ts';
import { relabelRuleField } from './relabel-schema.ts';

const SIZE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** `10MB`, `512KiB`: powers of 1024 in both spellings, as Prometheus reads sizes. 0 is no limit. */
const sizeField = z.union([z.string(), z.literal(0)]).transform((text, context) => {
  if (text === 0 || text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)([KMGTPE]?)(i?)B$/.exec(text);
  if (!match || (match[2] === '' && match[3] !== '')) {
    context.issues.push({
      code: 'custom',
      message: `${JSON.stringify(text)} is not a size such as 10MB`,
      input: text,
    });
    return z.NEVER;
  }
  return Math.floor(Number(match[1]) * 1024 ** SIZE_UNITS.indexOf(`${match[2]}B`));
});

const countField = z.int().nonnegative();

const staticGroupField = z.strictObject({
  targets: z.array(z.string().regex(/^[^/]*$/, 'a target is host:port, without scheme and path')).nullish(),
  labels: stringMapField.nullish(),
});

const limitFields = {
  body_size_limit: sizeField.optional(),
  sample_limit: countField.optional(),
  label_limit: countField.optional(),
  label_name_length_limit: countField.optional(),
  label_value_length_limit: countField.optional(),
};

const scrapeField = z.strictObject({
  job_name: z.string().min(1, 'job_name is empty'),
  scrape_interval: durationField.optional(),
  scrape_timeout: durationField.optional(),
  metrics_path: z.string().optional(),
  scheme: z.enum(['http', 'https']).optional(),
  params: z
    .record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)))
    .nullish(),
  honor_labels: z.boolean().optional(),
  honor_timestamps: z.boolean().optional(),
  enable_compression: z.boolean().optional(),
  static_configs: z.array(staticGroupField).nullish(),
  relabel_configs: z.array(relabelRuleField).nullish(),
  metric_relabel_configs: z.array(relabelRuleField).nullish(),
  ...limitFields,
});

const alertmanagerField = z.strictObject({
  scheme: z.enum(['http', 'https']).optional(),
  path_prefix: z.string().optional(),
  timeout: durationField.optional(),
  api_version: z.literal('v2', 'Alertmanager has the API version v2 alone').optional(),
  static_configs: z.array(staticGroupField).nullish(),
});

/** The part of a Prometheus configuration file that is carried out. */
export const prometheusSchema = z.strictObject({
  global: z
    .strictObject({
      scrape_interval: durationField.optional(),
      scrape_timeout: durationField.optional(),
      evaluation_interval: durationField.optional(),
      rule_query_offset: durationField.optional(),
      external_labels: stringMapField.nullish(),
      ...limitFields,
    })
    .nullish(),
  rule_files: z.array(z.string()).nullish(),
  scrape_configs: z.array(scrapeField).nullish(),
  alerting: z.strictObject({ alertmanagers: z.array(alertmanagerField).nullish() }).nullish(),
  storage: z
    .strictObject({ exemplars: z.strictObject({ max_exemplars: z.int().optional() }).nullish() })
    .nullish(),
});

export type PrometheusFile = z.infer<typeof prometheusSchema>;
export type ScrapeFields = z.infer<typeof scrapeField>;
export type StaticGroupFields = z.infer<typeof staticGroupField>;
