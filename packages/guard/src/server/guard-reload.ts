import type { Registry } from 'prom-client';
import type { Alertmanager } from '../alertmanager/index.ts';
import type { Clock, Logger } from '../core/index.ts';
import type { Notifier } from '../notifier/index.ts';
import type { RuleManager, RuleSettings } from '../rules/index.ts';
import type { PrometheusConfig, ScrapeManager } from '../scrape/index.ts';
import { applyAlertRoute } from './alert-route.ts';
import { readPrometheusFiles, readRouting } from './guard-files.ts';
import type { GuardOptions } from './guard-options.ts';
import { createReloader, type Reloader } from './reloader.ts';

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
  readonly rules: RuleManager;
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
      await rules.reload(ruleFiles, ruleSettings(config));
    },
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
