import { type Clock, Labels, type Logger } from '../core/index.ts';
import { createHttpClient, type HttpClient, type HttpClientConfig } from '../http-client/index.ts';
import type { OutgoingAlert } from '../rules/alert-sender.ts';
import type { AlertmanagerConfig, TargetGroup } from '../scrape/index.ts';
import { findAlertmanagers } from './alertmanager-target.ts';
import type { NotifierMetrics } from './metrics.ts';
import { postedAlert, relabelAlerts } from './posted-alert.ts';
import { createSendLoop, type QueueOptions, type SendLoop } from './send-loop.ts';

export interface AlertmanagerSetOptions extends QueueOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: NotifierMetrics;
  /** Clients over HTTP by default. */
  readonly connect?: (http: HttpClientConfig) => Pick<HttpClient, 'post' | 'close'>;
}

/** The Alertmanagers of one entry of the configuration, which are found and sent to in one way. */
export interface AlertmanagerSet {
  readonly config: AlertmanagerConfig;
  /** Sends to what is in the groups from now on. */
  sync(groups: readonly TargetGroup[]): void;
  send(alerts: readonly OutgoingAlert[]): void;
  /** Addresses that are posted to, and those that relabelling took away. */
  urls(): readonly string[];
  droppedUrls(): readonly string[];
  stop(): Promise<void>;
}

/** notifier/alertmanagerset.go */
export function createAlertmanagerSet(
  config: AlertmanagerConfig,
  options: AlertmanagerSetOptions,
): AlertmanagerSet {
  const { logger, connect = (http: HttpClientConfig) => createHttpClient({ config: http }) } = options;
  const client = connect(config.http);
  const loops = new Map<string, SendLoop>();
  const ending = new Set<Promise<void>>();
  let dropped: readonly string[] = [];

  function end(url: string, loop: SendLoop): void {
    loops.delete(url);
    const ended = loop.stop().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  return {
    config,
    sync(groups) {
      const found = findAlertmanagers(config, groups);
      for (const reason of found.failures) logger.error({ reason }, 'Alertmanagers cannot be sent to');
      dropped = found.dropped;
      for (const url of found.urls) {
        if (loops.has(url)) continue;
        loops.set(url, createSendLoop({ ...options, url, client, timeout: config.timeout }));
      }
      for (const [url, loop] of loops) if (!found.urls.includes(url)) end(url, loop);
    },
    send(alerts) {
      const posted = relabelAlerts(alerts, Labels.EMPTY, config.alertRelabelRules).map(postedAlert);
      for (const loop of loops.values()) loop.add(posted);
    },
    urls: () => [...loops.keys()],
    droppedUrls: () => dropped,
    async stop() {
      for (const [url, loop] of loops) end(url, loop);
      await Promise.all(ending);
      await client.close().catch(() => {});
    },
  };
}
