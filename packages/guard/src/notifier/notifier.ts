import type { Registry } from 'prom-client';
import type { Clock, Labels, Logger } from '../core/index.ts';
import type { HttpClient, HttpClientConfig } from '../http-client/index.ts';
import type { AlertSender, OutgoingAlert } from '../rules/alert-sender.ts';
import {
  type AlertingConfig,
  type AlertmanagerConfig,
  createDiscoveries,
  type DiscoveryMetrics,
} from '../scrape/index.ts';
import { type AlertmanagerSet, createAlertmanagerSet } from './alertmanager-set.ts';
import { createNotifierMetrics } from './metrics.ts';
import { relabelAlerts } from './posted-alert.ts';
import type { QueueOptions } from './send-loop.ts';

/** What a Prometheus file says of sending. */
export interface NotifierSettings {
  readonly alerting: AlertingConfig;
  /** Added to alerts that lack them. */
  readonly externalLabels: Labels;
}

export interface NotifierOptions extends QueueOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly discoveryMetrics: DiscoveryMetrics;
  /** The router in this process: it is sent to where the configuration lists no Alertmanager. */
  readonly embedded: AlertSender;
  /** Whether it is sent to always. */
  readonly alsoEmbedded: boolean;
  /** Clients over HTTP by default. */
  readonly connect?: (http: HttpClientConfig) => Pick<HttpClient, 'post' | 'close'>;
}

/** Sends the rules' alerts to every Alertmanager that a Prometheus configuration lists. */
export interface Notifier extends AlertSender {
  /** Entries that stay as they are keep their queues; what waits for others is sent or dropped as at the end. */
  apply(settings: NotifierSettings): void;
  /** Whether alerts reach the router in this process. */
  routesEmbedded(): boolean;
  /** The labels by which the router in this process knows alerts of these; undefined where it never hears of them. */
  embeddedLabels(labels: Labels): Labels | undefined;
  /** Addresses that are posted to. */
  urls(): string[];
  /** Addresses that relabelling took away. */
  droppedUrls(): string[];
  /** Takes no more; sends or drops what waits. */
  stop(): Promise<void>;
}

interface Entry {
  /** What Prometheus calls it in the metrics of discovery. */
  readonly jobName: string;
  readonly discovery: AlertmanagerConfig['discovery'];
  readonly set: AlertmanagerSet;
}

/** notifier/manager.go */
export function createNotifier(options: NotifierOptions): Notifier {
  const { clock, logger, registry, queueCapacity } = options;
  let entries: readonly Entry[] = [];
  let settings: NotifierSettings | undefined;
  const retiring = new Set<Promise<void>>();
  const urls = () => entries.flatMap(({ set }) => set.urls());
  const metrics = createNotifierMetrics(registry, { queueCapacity, discovered: () => urls().length });
  const discoveries = createDiscoveries({
    name: 'notify',
    clock,
    logger,
    metrics: options.discoveryMetrics,
    onChange: names => entries.filter(({ jobName }) => names.includes(jobName)).forEach(sync),
  });

  const sync = (entry: Entry) => entry.set.sync(discoveries.groups(entry));

  /** The entries of the configuration, those that are as they were with the sets that they had. */
  function entriesOf(configs: readonly AlertmanagerConfig[]): Entry[] {
    const left = Map.groupBy(entries, ({ set }) => fingerprintOf(set.config));
    const next = configs.map((config, index): Entry => {
      const known = left.get(fingerprintOf(config))?.shift();
      const set = known?.set ?? createAlertmanagerSet(config, { ...options, metrics });
      return { jobName: `config-${index}`, discovery: config.discovery, set };
    });
    for (const { set } of [...left.values()].flat()) retire(set);
    return next;
  }

  function retire(set: AlertmanagerSet): void {
    const retired = set.stop().finally(() => retiring.delete(retired));
    retiring.add(retired);
  }

  const routesEmbedded = () => options.alsoEmbedded || settings?.alerting.alertmanagers.length === 0;

  const relabelled = <T extends Pick<OutgoingAlert, 'labels'>>(
    { externalLabels, alerting }: NotifierSettings,
    alerts: readonly T[],
  ) => relabelAlerts(alerts, externalLabels, alerting.alertRelabelRules);

  function send(alerts: readonly OutgoingAlert[]): void {
    if (!settings) return;
    const sent = relabelled(settings, alerts);
    if (sent.length === 0) return;
    for (const { set } of entries) set.send(sent);
    if (routesEmbedded()) options.embedded.send(sent);
  }

  return {
    send,
    apply(next) {
      settings = next;
      entries = entriesOf(next.alerting.alertmanagers);
      discoveries.apply(entries);
      entries.forEach(sync);
    },
    routesEmbedded,
    embeddedLabels: labels =>
      settings && routesEmbedded() ? relabelled(settings, [{ labels }])[0]?.labels : undefined,
    urls,
    droppedUrls: () => entries.flatMap(({ set }) => set.droppedUrls()),
    async stop() {
      settings = undefined;
      await discoveries.stop();
      for (const { set } of entries) retire(set);
      entries = [];
      await Promise.all(retiring);
    },
  };
}

const fingerprintOf = (config: AlertmanagerConfig): string =>
  JSON.stringify(config, (name, value) => (name === 'compiled' ? undefined : value));
