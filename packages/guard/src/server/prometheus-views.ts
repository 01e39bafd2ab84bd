import { hostname } from 'node:os';
import { formatDuration } from '../core/index.ts';
import type { Store } from '../tsdb/index.ts';
import { timeText } from './go-time.ts';
import type { GuardParts } from './guard-parts.ts';
import type { PrometheusViews } from './prometheus-api.ts';
import { alertView, rulesData } from './prometheus-rules.ts';
import { metadataData, scrapePoolsData, targetsData } from './prometheus-targets.ts';
import type { HeadFigures } from './query-protocol.ts';
import { hideUserinfo } from './redact-text.ts';

/** The release whose API this is. Clients such as Grafana choose what they ask for by it. */
const PROMETHEUS_VERSION = '3.16.0';

/** What the guard's parts say, in the shapes of Prometheus's web/api/v1. */
export function prometheusViews(parts: GuardParts): PrometheusViews {
  const { rules, scrapes, config, options, alertmanagerUrls } = parts;
  return {
    rules: params => rulesData(rules.groups(), params),
    alerts: () => ({ alerts: rules.alerts().map(alertView) }),
    targets: params => targetsData(scrapes, params),
    scrape_pools: () => scrapePoolsData(config.scrapeConfigs),
    metadata: params => metadataData(scrapes, params),
    alertmanagers: () => ({
      activeAlertmanagers: alertmanagersInUse(parts).map(url => ({ url: hideUserinfo(url) })),
      droppedAlertmanagers: [],
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
    'status/config': () => ({ yaml: hideUserinfo(config.text) }),
    'status/flags': () =>
      Object.fromEntries(Object.entries(options.flags).map(([name, value]) => [name, hideUserinfo(value)])),
    'status/runtimeinfo': () => runtimeInfo(parts),
  };

  /** The embedded router is one of them where it has an address that others reach. */
  function alertmanagersInUse({ routesEmbedded, addresses }: GuardParts): string[] {
    const bases = [...alertmanagerUrls];
    if (routesEmbedded && addresses.alertmanager !== undefined)
      bases.push(`http://${addresses.alertmanager}`);
    return bases.map(base => `${base.replace(/\/+$/, '')}/api/v2/alerts`);
  }
}

/** The store's part of `/api/v1/status/tsdb`. */
export function headFigures(store: Store): HeadFigures {
  const { chunks, minTime = 0, maxTime = 0 } = store.statistics();
  return { chunkCount: chunks, minTime, maxTime };
}

/** Without the fields that only a Go process has. */
const runtimeInfo = ({ startedAt, clock, store, options }: GuardParts) => ({
  startTime: timeText(startedAt),
  CWD: process.cwd(),
  hostname: hostname(),
  serverTime: timeText(clock.now()),
  reloadConfigSuccess: true,
  lastConfigTime: timeText(startedAt),
  corruptionCount: store.statistics().damages.length,
  storageRetention: formatDuration(options.retention),
});
