import { Labels } from '../core/index.ts';
import { type RelabelRule, relabel, type ScrapeConfig } from '../scrape/index.ts';
import { BadParameter } from './api-error.ts';
import type { RequestParams } from './request-params.ts';

/** Characters of labels that are relabelled for show at most: this runs beside the rules. */
const MAX_LABELS_LENGTH = 10_000;

/** The job that a request names. @throws BadParameter in Prometheus's words */
export function jobOf(configs: readonly ScrapeConfig[], params: RequestParams): ScrapeConfig {
  const config = configs.find(({ jobName }) => jobName === params.value('scrapePool'));
  if (config) return config;
  const name = JSON.stringify(params.value('scrapePool'));
  throw new BadParameter(`error retrieving scrape config: scrape pool ${name} not found`);
}

/** Refuses a request that names no job. @throws BadParameter */
export function requirePool(params: RequestParams): void {
  if (params.value('scrapePool') === '') throw new BadParameter('no scrapePool parameter provided');
}

/** The `data` of `/api/v1/targets/relabel_steps`: what a job's rules do to labels, one after the other. @throws BadParameter */
export function relabelStepsData(configs: readonly ScrapeConfig[], params: RequestParams) {
  requirePool(params);
  let labels: Labels | undefined = labelsParam(params);
  const steps = jobOf(configs, params).relabelRules.map(rule => {
    labels = labels && relabel(labels, [rule]);
    return { rule: ruleView(rule), output: labels?.toObject() ?? {}, keep: labels !== undefined };
  });
  return { steps };
}

function labelsParam(params: RequestParams): Labels {
  const text = params.value('labels');
  if (text === '') throw new BadParameter('no labels parameter provided');
  if (text.length > MAX_LABELS_LENGTH)
    throw new BadParameter(
      `error parsing labels: they have ${text.length} characters; the limit is ${MAX_LABELS_LENGTH}`,
    );
  const value = parsed(text);
  const isLabels =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(one => typeof one === 'string');
  if (!isLabels) throw new BadParameter('error parsing labels: they are not an object of texts');
  return Labels.of(value as Record<string, string>);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadParameter(`error parsing labels: ${(error as Error).message}`);
  }
}

/** A rule as Prometheus's model/relabel writes it in JSON. */
const ruleView = (rule: RelabelRule) => ({
  ...(rule.sourceLabels.length > 0 && { source_labels: rule.sourceLabels }),
  separator: rule.separator,
  regex: rule.regex,
  ...(rule.modulus > 0 && { modulus: rule.modulus }),
  ...(rule.targetLabel !== '' && { target_label: rule.targetLabel }),
  replacement: rule.replacement,
  action: rule.action,
});
