import type { Registry } from 'prom-client';
import { type Alertmanager, createEmbeddedSender } from '../alertmanager/index.ts';
import type { Clock, Logger } from '../core/index.ts';
import {
  createNotifier,
  type Notifier,
  type NotifierSettings,
  type QueueOptions,
} from '../notifier/index.ts';
import type { DiscoveryMetrics } from '../scrape/index.ts';

export interface AlertRouteOptions extends QueueOptions {
  readonly alertmanager: Alertmanager;
  readonly alsoRouteEmbedded: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly discoveryMetrics: DiscoveryMetrics;
}

/** To the Alertmanagers that are listed, or to the embedded router where none is (or to both, when asked). */
export function createAlertRoute(settings: NotifierSettings, options: AlertRouteOptions): Notifier {
  const { alertmanager, alsoRouteEmbedded, logger } = options;
  const notifier = createNotifier({
    ...options,
    embedded: createEmbeddedSender(alertmanager, logger),
    alsoEmbedded: alsoRouteEmbedded,
  });
  applyAlertRoute(notifier, settings, logger);
  return notifier;
}

/** Sends as the configuration now has it, and says who is not sent to. */
export function applyAlertRoute(notifier: Notifier, settings: NotifierSettings, logger: Logger): void {
  notifier.apply(settings);
  if (notifier.routesEmbedded())
    logger.info(
      {},
      'alerts go to the embedded router, which is single-node: it ends with this machine (docs/high-availability.md)',
    );
  else
    logger.warn(
      { listed: settings.alerting.alertmanagers.length },
      'alerts go to the listed Alertmanagers; nobody sends to the embedded router',
    );
}
