import { loadAlertmanagerConfig } from '../alertmanager/index.ts';
import { readTextFile } from '../config/index.ts';
import { loadRuleFile, type RuleFile } from '../rules/index.ts';
import { loadPrometheusConfig, type PrometheusConfig } from '../scrape/index.ts';
import type { SloModel } from '../slo/index.ts';
import type { GuardOptions } from './guard-options.ts';
import { readRuleFiles } from './rule-files.ts';
import { readSlos } from './slo-files.ts';

/** A Prometheus file, and the rule files that it names, read and checked. */
export interface PrometheusFiles {
  readonly config: PrometheusConfig;
  readonly ruleFiles: readonly RuleFile[];
}

/** Every file that a guard is configured by, read and checked. */
export interface GuardFiles extends PrometheusFiles {
  readonly slos: SloModel | undefined;
  readonly routing: ReturnType<typeof loadAlertmanagerConfig>;
}

/** @throws UserError with the place of each mistake */
export const readGuardFiles = (options: GuardOptions): GuardFiles => ({
  ...readPrometheusFiles(options),
  slos: readSlos(options.slosDirectory),
  routing: readRouting(options),
});

/** @throws UserError with the place of each mistake */
export function readPrometheusFiles({ prometheusConfig, features }: GuardOptions): PrometheusFiles {
  const { file, text } = readTextFile(prometheusConfig);
  const config = loadPrometheusConfig(file, text, { extraScrapeMetrics: features.extraScrapeMetrics });
  const ruleFiles = readRuleFiles(config.file, config.ruleFiles).map(rules =>
    loadRuleFile(rules.file, rules.text),
  );
  return { config, ruleFiles };
}

/** @throws UserError with the place of each mistake */
export function readRouting({ alertmanagerConfig }: GuardOptions): GuardFiles['routing'] {
  const { file, text } = readTextFile(alertmanagerConfig);
  return loadAlertmanagerConfig(file, text);
}
