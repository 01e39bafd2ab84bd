import { parseDocument, stringify } from 'yaml';
import type { PrometheusConfig } from '../scrape/index.ts';
import { ApiError } from './api-error.ts';

/**
 * A job as the configuration file has it, secrets hidden: the `yaml` of `/api/v1/scrape_pools/config`.
 *
 * @throws ApiError for a job that stands in a file of `scrape_config_files`
 */
export function jobText({ text }: PrometheusConfig, jobName: string): string {
  const file = parseDocument(text).toJS() as { scrape_configs?: readonly { job_name?: unknown }[] } | null;
  const job = file?.scrape_configs?.find(({ job_name: name }) => String(name) === jobName);
  if (job) return stringify(job);
  throw new ApiError(
    'not_implemented',
    `not served here: ${JSON.stringify(jobName)} stands in a file of scrape_config_files`,
  );
}
