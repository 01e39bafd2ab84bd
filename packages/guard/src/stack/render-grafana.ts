import { formatDuration } from '../core/index.ts';
import { DATASOURCE_UID, generatedHeader, toYaml } from '../generate/index.ts';
import type { Stack } from './model.ts';
import { COMPOSE_HOSTS } from './render-target.ts';

/** Where the dashboards are mounted in Grafana's container. */
const DASHBOARD_FOLDER = '/var/lib/grafana/dashboards';

/** Grafana's provisioned datasources in compose: metrics, traces, alerts. */
export function renderGrafanaDatasources(
  { ports, intervals }: Stack,
  sources: readonly string[] = ['stack.yaml'],
): string {
  const datasource = (uid: string, name: string, type: string, url: string, jsonData: object) => ({
    uid,
    name,
    type,
    access: 'proxy',
    url,
    editable: false,
    jsonData,
  });
  const config = {
    apiVersion: 1,
    datasources: [
      {
        ...datasource(
          DATASOURCE_UID,
          'Prometheus',
          'prometheus',
          `http://${COMPOSE_HOSTS.prometheus}:${ports.prometheus}`,
          {
            httpMethod: 'POST',
            timeInterval: formatDuration(intervals.scrape),
            exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'jaeger' }],
          },
        ),
        isDefault: true,
      },
      datasource('jaeger', 'Jaeger', 'jaeger', `http://${COMPOSE_HOSTS.jaeger}:${ports.jaeger}`, {}),
      datasource(
        'alertmanager',
        'Alertmanager',
        'alertmanager',
        `http://${COMPOSE_HOSTS.alertmanager}:${ports.alertmanager}`,
        { implementation: 'prometheus' },
      ),
    ],
  };
  return `${generatedHeader(sources)}${toYaml(config)}`;
}

/** Grafana's dashboard provider: the folder that compose mounts. */
export function renderGrafanaProvider(sources: readonly string[] = ['stack.yaml']): string {
  const config = {
    apiVersion: 1,
    providers: [
      { name: 'slo-guard', type: 'file', disableDeletion: true, options: { path: DASHBOARD_FOLDER } },
    ],
  };
  return `${generatedHeader(sources)}${toYaml(config)}`;
}
