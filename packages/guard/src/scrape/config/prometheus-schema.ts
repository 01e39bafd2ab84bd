import { z } from 'zod';
import { durationField, integerField, textField } from '../../config/index.ts';
import { alertingField } from './alerting-section.ts';
import { limitFields } from './fields.ts';
import { jobField } from './job-schema.ts';
import { otlpField } from './otlp-section.ts';
import { protocolFields } from './protocol-fields.ts';

/** config/config.go patRulePath */
const fileGlobField = textField.refine(
  path => /^[^*]*(\*[^/]*)?$/.test(path),
  'a path has * in its last part alone, at most once',
);

const globalField = z.strictObject({
  scrape_interval: durationField.optional(),
  scrape_timeout: durationField.optional(),
  evaluation_interval: durationField.optional(),
  rule_query_offset: durationField.optional(),
  external_labels: z.record(z.string(), textField).optional(),
  ...limitFields,
  ...protocolFields,
});

/** The part of a Prometheus configuration file that is carried out. */
export const prometheusSchema = z.strictObject({
  global: globalField.optional(),
  rule_files: z.array(fileGlobField).optional(),
  scrape_config_files: z.array(fileGlobField).optional(),
  scrape_configs: z.array(jobField).optional(),
  alerting: alertingField.optional(),
  otlp: otlpField.optional(),
  storage: z
    .strictObject({ exemplars: z.strictObject({ max_exemplars: integerField.optional() }).optional() })
    .optional(),
});

export type PrometheusFile = z.infer<typeof prometheusSchema>;
export type GlobalFields = z.infer<typeof globalField>;
