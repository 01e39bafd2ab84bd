import type { Registry } from 'prom-client';
import type { Alertmanager } from '../alertmanager/index.ts';
import type { Clock, Logger } from '../core/index.ts';
import type { Notifier } from '../notifier/index.ts';
import type { RuleSettings } from '../rules/index.ts';
import type { PrometheusConfig, ScrapeManager } from '../scrape/index.ts';
import { applyAlertRoute } from './alert-route.ts';
import { readPrometheusFiles, readRouting } from './guard-files.ts';
import type { GuardOptions } from './guard-options.ts';
import { createReloader, type Reloader } from './reloader.ts';
import type { RuleSet } from './rule-set.ts';
import { readSlos, type SlosToRules } from './slo-files.ts';

/** What of a Prometheus file concerns rules. */
export const ruleSettings = (config: PrometheusConfig): RuleSettings => ({
  evaluationInterval: config.evaluationInterval,
  queryOffset: config.ruleQueryOffset,
  externalLabels: config.externalLabels,
});

interface ReloadContext {
  readonly options: GuardOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

interface PrometheusReloadContext extends ReloadContext {
  /** Takes note of what holds from now on. */
  readonly onLoaded: (config: PrometheusConfig) => void;
  readonly notifier: Notifier;
  readonly scrapes: ScrapeManager;
  readonly rules: RuleSet;
}

/** The whole Prometheus configuration, its rule files included; refused whole when any of it is wrong. */
export function createPrometheusReloader(context: PrometheusReloadContext): Reloader {
  const { options, logger, notifier, scrapes, rules } = context;
  return createReloader({
    ...context,
    prefix: 'prometheus',
    load: () => readPrometheusFiles(options),
    async apply({ config, ruleFiles }) {
      for (const warning of config.warnings) logger.warn({ ...warning }, 'the configuration is odd');
      context.onLoaded(config);
      applyAlertRoute(notifier, config, logger);
      scrapes.reload(config);
      await rules.replaceFiles(ruleFiles, ruleSettings(config));
    },
  });
}

/** The SLO files, of which the rules are made anew; undefined where there is no folder of them. */
export function createSloReloader(
  context: ReloadContext & { readonly rules: RuleSet; readonly slosToRules: SlosToRules },
): Reloader | undefined {
  const { options, rules, slosToRules } = context;
  if (options.slosDirectory === undefined) return undefined;
  return createReloader({
    ...context,
    prefix: 'slo_guard_slos',
    load: () => slosToRules(readSlos(options.slosDirectory)),
    apply: files => rules.replaceSlos(files),
  });
}

/** The routing configuration. */
export function createRoutingReloader(
  context: ReloadContext & { readonly alertmanager: Alertmanager },
): Reloader {
  const { options, alertmanager } = context;
  return createReloader({
    ...context,
    prefix: 'alertmanager',
    load: () => readRouting(options),
    apply: config => alertmanager.reload(config),
  });
}
