import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import { formatDuration, formatSize, hideUserinfo } from '../core/index.ts';
import type { Store } from '../tsdb/index.ts';
import { featuresData } from './features-view.ts';
import { globalUrl } from './global-url.ts';
import { timeText } from './go-time.ts';
import type { GuardParts } from './guard-parts.ts';
import { jobText } from './job-text.ts';
import type { PrometheusViews } from './prometheus-api.ts';
import { metadataData, targetMetadataData } from './prometheus-metadata.ts';
import { alertView, rulesData } from './prometheus-rules.ts';
import { scrapePoolsData, targetsData } from './prometheus-targets.ts';
import type { HeadFigures } from './query-protocol.ts';
import { jobOf, relabelStepsData, requirePool } from './relabel-steps.ts';
import { requireReadable } from './request-params.ts';
import { createSelectorReader } from './selector-reader.ts';
import { selfMetricsData } from './self-metrics.ts';

/** The release whose API this is. Clients such as Grafana choose what they ask for by it. */
const PROMETHEUS_VERSION = '3.16.0';

/** What the guard's parts say, in the shapes of Prometheus's web/api/v1. */
export function prometheusViews(parts: GuardParts): PrometheusViews {
  const { rules, scrapes, options, notifier, addresses, externalUrl } = parts;
  const selectors = createSelectorReader(parts.pool);
  const registry = Registry.merge(Object.values(parts.registries));
  return {
    async rules(params) {
      requireReadable(params);
      const sets = await selectors.sets(params.values('match[]'));
      return rulesData(rules.groups(), params, sets);
    },
    alerts: () => ({ alerts: rules.alerts().map(alertView) }),
    targets: params =>
      targetsData(scrapes, params, url => globalUrl(url, addresses.prometheus ?? '', externalUrl)),
    'targets/relabel_steps': params => relabelStepsData(parts.config.scrapeConfigs, params),
    features: () => featuresData(options),
    scrape_pools: () => scrapePoolsData(parts.config.scrapeConfigs),
    'scrape_pools/config'(params) {
      requirePool(params);
      return { yaml: jobText(parts.config, jobOf(parts.config.scrapeConfigs, params).jobName) };
    },
    metadata: params => metadataData(scrapes, params),
    async 'targets/metadata'(params) {
      const texts = params.values('match_target').slice(0, 1);
      const [matchers = []] = await selectors.sets(texts, 'invalid parameter "match_target": ');
      return targetMetadataData(scrapes, params, matchers);
    },
    notifications: () => notificationsOf(parts),
    alertmanagers: () => ({
      activeAlertmanagers: alertmanagersInUse(parts).map(shownUrl),
      droppedAlertmanagers: notifier.droppedUrls().map(shownUrl),
    }),
    'status/buildinfo': () => ({
      version: PROMETHEUS_VERSION,
      revision: '',
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
      application: `slo-guard ${options.version}`,
    }),
    'status/config': () => ({ yaml: parts.config.text }),
    'status/flags': () =>
      Object.fromEntries(Object.entries(options.flags).map(([name, value]) => [name, hideUserinfo(value)])),
    'status/runtimeinfo': () => runtimeInfo(parts),
    'status/self_metrics': params => selfMetricsData(registry, params),
    // Samples are not kept in blocks, and the log has been read before the port answers.
    'status/tsdb/blocks': () => ({ blocks: [] }),
    'status/walreplay': () => ({ min: 0, max: 0, current: 0 }),
  };
}

const shownUrl = (url: string) => ({ url: hideUserinfo(url) });

/** The embedded router is one of them where it has an address that others reach. */
function alertmanagersInUse({ notifier, addresses }: GuardParts): string[] {
  const hasEmbedded = notifier.routesEmbedded() && addresses.alertmanager !== undefined;
  return [...notifier.urls(), ...(hasEmbedded ? [`http://${addresses.alertmanager}/api/v2/alerts`] : [])];
}

/** Of the server itself (util/notifications). */
function notificationsOf({ reloader }: GuardParts) {
  const { isSuccessful, attemptedAt } = reloader.lastReload();
  if (isSuccessful) return [];
  return [{ text: 'Configuration reload has failed.', date: timeText(attemptedAt), active: true }];
}

/** The store's part of `/api/v1/status/tsdb`. */
export function headFigures(store: Store): HeadFigures {
  const { chunks, minTime = 0, maxTime = 0 } = store.statistics();
  return { chunkCount: chunks, minTime, maxTime };
}

function retentionText({ retention, retentionBytes }: GuardParts['options']): string {
  const time = formatDuration(retention);
  return retentionBytes > 0 ? `${time} or ${formatSize(retentionBytes)}` : time;
}

/** Without the fields that only a Go process has. */
const runtimeInfo = ({ startedAt, clock, store, options, reloader }: GuardParts) => ({
  startTime: timeText(startedAt),
  CWD: process.cwd(),
  hostname: hostname(),
  serverTime: timeText(clock.now()),
  reloadConfigSuccess: reloader.lastReload().isSuccessful,
  lastConfigTime: timeText(reloader.lastReload().succeededAt),
  corruptionCount: store.statistics().damages.length,
  storageRetention: retentionText(options),
});
