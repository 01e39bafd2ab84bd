import type { Path, YamlSource } from '../../config/index.ts';
import { formatDuration, type Milliseconds, type Problem } from '../../core/index.ts';
import type { RelabelRule } from '../relabel/relabel.ts';
import { mistakeInNames } from '../relabel/rule-names.ts';
import type { ScrapeConfig } from './types.ts';

/** What is wrong between the settings of a job at `path`. */
export function jobProblems(source: YamlSource, path: Path, job: ScrapeConfig): Problem[] {
  return [
    ...timeoutProblems(source, path, job),
    ...escapingProblems(source, path, job),
    ...ruleProblems(source, [...path, 'relabel_configs'], job.relabelRules),
    ...ruleProblems(source, [...path, 'metric_relabel_configs'], job.metricRelabelRules),
  ];
}

/** @param place the section that has `scrape_timeout`, or would have it */
export function timeoutProblems(
  source: YamlSource,
  place: Path,
  { scrapeTimeout, scrapeInterval }: { scrapeTimeout: Milliseconds; scrapeInterval: Milliseconds },
): Problem[] {
  if (scrapeTimeout <= scrapeInterval) return [];
  const shown = `${formatDuration(scrapeTimeout)} is longer than the interval ${formatDuration(scrapeInterval)}`;
  return [
    source.problemAt([...place, 'scrape_timeout'], {
      code: 'timeout-above-interval',
      message: `the scrape timeout ${shown}`,
    }),
  ];
}

function escapingProblems(source: YamlSource, path: Path, job: ScrapeConfig): Problem[] {
  if (job.nameValidation !== 'legacy' || job.escapingScheme !== 'allow-utf-8') return [];
  return [
    source.problemAt([...path, 'metric_name_escaping_scheme'], {
      code: 'bad-value',
      message: 'names in UTF-8 are asked for, but metric_name_validation_scheme is legacy',
    }),
  ];
}

/** Names that rules of a list at `path` must not have. */
export function ruleProblems(source: YamlSource, path: Path, rules: readonly RelabelRule[]): Problem[] {
  return rules.flatMap((rule, index) => {
    const message = mistakeInNames(rule);
    return message === undefined ? [] : [source.problemAt([...path, index], { code: 'bad-value', message })];
  });
}

/** Where a job stands. */
export interface PlacedJob {
  readonly job: ScrapeConfig;
  readonly source: YamlSource;
  readonly path: Path;
}

/** Names that a job before has, in the same file or another. */
export function duplicateJobs(jobs: readonly PlacedJob[]): Problem[] {
  const first = new Map<string, YamlSource>();
  return jobs.flatMap(({ job: { jobName }, source, path }) => {
    const other = first.get(jobName);
    if (!other) {
      first.set(jobName, source);
      return [];
    }
    const where = other === source ? '' : `, the first in ${other.file}`;
    return [
      source.problemAt([...path, 'job_name'], {
        code: 'duplicate-job',
        message: `two scrape configs have the job name ${JSON.stringify(jobName)}${where}`,
      }),
    ];
  });
}
