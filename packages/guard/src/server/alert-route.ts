import type { Registry } from 'prom-client';
import {
  type Alertmanager,
  createEmbeddedSender,
  createFanOutSender,
  createHttpSender,
} from '../alertmanager/index.ts';
import type { Clock, Labels, Logger } from '../core/index.ts';
import type { AlertSender } from '../rules/index.ts';
import type { PrometheusConfig } from '../scrape/index.ts';
import { hideUserinfo } from './redact-text.ts';

/** Where the rules' alerts go. */
export interface AlertRoute {
  readonly sender: AlertSender;
  readonly routesEmbedded: boolean;
  stop(): Promise<void>;
}

/** Base addresses of the Alertmanagers that the file lists. */
export const alertmanagerUrls = ({ alertmanagers }: PrometheusConfig): string[] =>
  alertmanagers.flatMap(({ scheme, pathPrefix, staticGroups }) =>
    staticGroups.flatMap(({ targets }) => targets.map(target => `${scheme}://${target}${pathPrefix}`)),
  );

/** To the Alertmanagers that are listed, or to the embedded router where none is (or to both, when asked). */
export function createAlertRoute(
  urls: readonly string[],
  { alsoRouteEmbedded, externalLabels }: { alsoRouteEmbedded: boolean; externalLabels: Labels },
  alertmanager: Alertmanager,
  { clock, logger, registry }: { clock: Clock; logger: Logger; registry: Registry },
): AlertRoute {
  const embedded = createEmbeddedSender(alertmanager, logger);
  const labelled = (sender: AlertSender) => addExternalLabels(sender, externalLabels);
  if (urls.length === 0) return { sender: labelled(embedded), routesEmbedded: true, stop: async () => {} };
  const http = createHttpSender({ urls, clock, logger, registry });
  if (!alsoRouteEmbedded)
    logger.warn(
      { urls: urls.map(hideUserinfo) },
      'alerts go to the listed Alertmanagers; nobody sends to the embedded router',
    );
  return {
    sender: labelled(alsoRouteEmbedded ? createFanOutSender([http, embedded]) : http),
    routesEmbedded: alsoRouteEmbedded,
    stop: () => http.stop(),
  };
}

/** An alert's own labels win over external ones. */
const addExternalLabels = (sender: AlertSender, externalLabels: Labels): AlertSender => ({
  send: alerts =>
    sender.send(
      externalLabels.size === 0
        ? alerts
        : alerts.map(alert => ({ ...alert, labels: externalLabels.with(alert.labels.toObject()) })),
    ),
});
