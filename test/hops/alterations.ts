import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Ports } from '../story/support.ts';

/** Nothing listens there: port 1 (tcpmux) is in use nowhere. */
export const NOWHERE = '127.0.0.1:1';

// The files are whatever YAML says; each alteration knows its own.
type Yaml = ReturnType<typeof parse>;

export function alter(folder: string, file: string, change: (config: Yaml) => void): void {
  const path = join(folder, file);
  const config = parse(readFileSync(path, 'utf8'));
  change(config);
  writeFileSync(path, stringify(config));
}

/** Short waits of the router and frequent scrapes: what is proved is which hop is named, not how soon. */
export function hurry(folder: string): void {
  alter(folder, 'alertmanager.yml', config => {
    Object.assign(config.route, { group_wait: '2s', group_interval: '5s' });
  });
  alter(folder, 'prometheus.yml', config => {
    Object.assign(config.global, { scrape_interval: '2s', scrape_timeout: '2s' });
  });
}

export const scrapeWrongPort = (folder: string) =>
  alter(folder, 'prometheus.yml', config => {
    config.scrape_configs.find((job: Yaml) => job.job_name === 'service_a').static_configs[0].targets = [
      NOWHERE,
    ];
  });

export const scrapeNoGateway = (folder: string) =>
  alter(folder, 'prometheus.yml', config => {
    config.scrape_configs = config.scrape_configs.filter((job: Yaml) => job.job_name !== 'service_a');
  });

export const mountNoRules = (folder: string) =>
  alter(folder, 'prometheus.yml', config => {
    config.rule_files = ['not-mounted/*.yml'];
  });

export const sendAlertsNowhere = (folder: string) =>
  alter(folder, 'prometheus.yml', config => {
    config.alerting = { alertmanagers: [{ static_configs: [{ targets: [NOWHERE] }] }] };
  });

export const deliverNowhere = (folder: string) =>
  alter(folder, 'alertmanager.yml', config => {
    config.receivers[0].webhook_configs[0].url = `http://${NOWHERE}/webhook`;
  });

/** The Collector's metrics are scraped, as in compose; where it would listen for OTLP over HTTP, which nobody uses here. */
export function exportSpansNowhere(folder: string, { otlp_http }: Ports): void {
  alter(folder, 'collector.yaml', config => {
    for (const exporter of Object.values(config.exporters) as Yaml[]) exporter.endpoint = NOWHERE;
    const reader = { pull: { exporter: { prometheus: { host: '127.0.0.1', port: otlp_http } } } };
    config.service.telemetry = { metrics: { readers: [reader] } };
  });
  alter(folder, 'prometheus.yml', config => {
    config.scrape_configs.push({
      job_name: 'otel-collector',
      static_configs: [{ targets: [`127.0.0.1:${otlp_http}`] }],
    });
  });
}

/** Fires and clears within a minute: few failures, soon diluted. */
export const DRILL = `
name: hop
description: 40 % errors page within seconds, whatever else is broken.
slo: { service: service_a, name: availability }
counters: { requests: service_a_requests_total, errors: 'service_a_requests_total{status="error"}' }
traffic: { path: /work, requests_per_second: 10 }
steady_state: { duration: 5s }
fault: { mode: error, error_rate: 0.4, bad_ratio: 0.4 }
expect: { page: SLOServiceAErrorBudgetBurnFast, within: 60s, resolved_within: 3m }
traces: [service_a, service_b]
`.trimStart();
