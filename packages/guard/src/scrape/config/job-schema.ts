import { z } from 'zod';
import { booleanField, durationField, textField } from '../../config/index.ts';
import { checkHttpClient, httpClientFields } from '../../http-client/index.ts';
import { relabelRuleField } from '../relabel/rule-field.ts';
import { discoveryFields, refuseUrls } from './discovery-fields.ts';
import { countField, limitFields } from './fields.ts';
import { protocolField, protocolFields } from './protocol-fields.ts';

/** One entry of `scrape_configs` (config/config.go ScrapeConfig). */
export const jobField = z
  .strictObject({
    job_name: textField.refine(name => name !== '', 'job_name is empty'),
    scrape_interval: durationField.optional(),
    scrape_timeout: durationField.optional(),
    metrics_path: textField.optional(),
    scheme: z.enum(['http', 'https']).optional(),
    params: z.record(z.string(), z.array(textField)).optional(),
    honor_labels: booleanField.optional(),
    honor_timestamps: booleanField.optional(),
    track_timestamps_staleness: booleanField.optional(),
    enable_compression: booleanField.optional(),
    fallback_scrape_protocol: protocolField.optional(),
    // Limits of native histograms, of which there are none.
    native_histogram_bucket_limit: countField.optional(),
    native_histogram_min_bucket_factor: textField.optional(),
    relabel_configs: z.array(relabelRuleField).optional(),
    metric_relabel_configs: z.array(relabelRuleField).optional(),
    ...limitFields,
    ...protocolFields,
    ...discoveryFields,
    ...httpClientFields,
  })
  .superRefine(checkHttpClient)
  .superRefine(refuseUrls);

/** A file of `scrape_config_files`. */
export const jobsSchema = z.strictObject({ scrape_configs: z.array(jobField).optional() });

export type JobFields = z.infer<typeof jobField>;
