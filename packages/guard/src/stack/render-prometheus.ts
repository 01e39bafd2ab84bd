import { formatDuration } from '../core/index.ts';
import { generatedHeader, toYaml } from '../generate/index.ts';
import type { Stack } from './model.ts';
import { addressOf, COLLECTOR_METRICS_PORT, COMPOSE_HOSTS, type RenderTarget } from './render-target.ts';

export interface PrometheusOptions {
  /** As Prometheus sees them: relative to the configuration, or absolute. */
  readonly ruleFiles: readonly string[];
  /** Named in the header. */
  readonly sources?: readonly string[];
}

/**
 * `prometheus.yml`. A guard's lists no Alertmanager, so that alerts go to the router of the same process; it
 * scrapes the guard itself as job `slo-guard`, where compose's real Prometheus scrapes the containers that do the guard's work.
 */
export function renderPrometheusConfig(
  stack: Stack,
  target: RenderTarget,
  { ruleFiles, sources = ['stack.yaml'] }: PrometheusOptions,
): string {
  const { scrape, evaluation } = stack.intervals;
  const config = {
    global: {
      scrape_interval: formatDuration(scrape),
      scrape_timeout: formatDuration(scrape),
      evaluation_interval: formatDuration(evaluation),
    },
    rule_files: ruleFiles,
    ...(target === 'compose' && {
      alerting: {
        alertmanagers: [
          { static_configs: [{ targets: [`${COMPOSE_HOSTS.alertmanager}:${stack.ports.alertmanager}`] }] },
        ],
      },
    }),
    scrape_configs: [
      ...stack.services.map(service =>
        job(service.name, addressOf(service, target), service.labels, service.metricsPath),
      ),
      ...ownJobs(stack, target),
    ],
  };
  return `${generatedHeader(sources)}${toYaml(config)}`;
}

function ownJobs({ ports }: Stack, target: RenderTarget) {
  if (target !== 'compose') return [job('slo-guard', `127.0.0.1:${ports.prometheus}`)];
  return [
    job('prometheus', `${COMPOSE_HOSTS.prometheus}:${ports.prometheus}`),
    job('alertmanager', `${COMPOSE_HOSTS.alertmanager}:${ports.alertmanager}`),
    job('otel-collector', `${COMPOSE_HOSTS.collector}:${COLLECTOR_METRICS_PORT}`),
  ];
}

const job = (
  name: string,
  address: string,
  labels: Readonly<Record<string, string>> = { service: name },
  metricsPath = '/metrics',
) => ({
  job_name: name,
  metrics_path: metricsPath,
  static_configs: [{ targets: [address], labels }],
});
