import { loadAlertmanagerConfig } from '../alertmanager/index.ts';
import { readTextFile } from '../config/index.ts';
import { loadRuleFile } from '../rules/index.ts';
import { loadPrometheusConfig, type PrometheusConfig } from '../scrape/index.ts';
import type { GuardOptions } from './guard-options.ts';
import { readRuleFiles } from './rule-files.ts';

/** Every file that a guard is configured by, read and checked. */
export interface GuardFiles {
  readonly config: PrometheusConfig;
  readonly routing: ReturnType<typeof loadAlertmanagerConfig>;
  readonly ruleFiles: ReadonlyArray<ReturnType<typeof loadRuleFile>>;
}

/** @throws UserError with the place of each mistake */
export function readGuardFiles(options: GuardOptions): GuardFiles {
  const { prometheusConfig, alertmanagerConfig, features } = options;
  const prometheus = readTextFile(prometheusConfig);
  const alertmanager = readTextFile(alertmanagerConfig);
  const config = loadPrometheusConfig(prometheus.file, prometheus.text, {
    extraScrapeMetrics: features.extraScrapeMetrics,
  });
  return {
    config,
    routing: loadAlertmanagerConfig(alertmanager.file, alertmanager.text),
    ruleFiles: readRuleFiles(config.file, config.ruleFiles).map(({ file, text }) => loadRuleFile(file, text)),
  };
}
