import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { peer } from '../peers/programs.ts';
import type { Program } from '../swap/programs.ts';

export const root = join(import.meta.dirname, '../..');
export const WATCH_YML = readFileSync(join(root, 'deploy/prometheus/watch.yml'), 'utf8');

/** The committed file but for its patience, with which a test would take a quarter of an hour. */
export const IMPATIENT = WATCH_YML.replace('for: 1m', 'for: 8s')
  .replace(/for: \dm/g, 'for: 2s')
  .replace('up[2m]', 'up[5s]');

const url = (port: number, path = '') => `http://127.0.0.1:${port}${path}`;

/** A guard that reads `prometheus.yml` and `alertmanager.yml`, with more flags; surfaces without a port are off. */
export function guardProgram(
  ports: Readonly<Partial<Record<string, number>>> & { readonly prometheus: number },
  flags: readonly string[] = [],
): Program {
  const surfaces = ['prometheus', 'alertmanager', 'otlp_grpc', 'otlp_http', 'jaeger', 'console'];
  return {
    name: 'slo-guard',
    command: process.execPath,
    args: [
      join(root, 'packages/guard/bin/slo-guard.js'),
      'serve',
      '--prometheus-config=prometheus.yml',
      '--alertmanager-config=alertmanager.yml',
      '--data-dir=guard',
      ...surfaces.map(name => `--${name.replace('_', '-')}-port=${ports[name] ?? 'off'}`),
      ...flags,
    ],
    readyUrl: url(ports.prometheus, '/-/ready'),
  };
}

export const prometheusProgram = (port: number): Program => ({
  name: 'prometheus',
  command: peer('prometheus'),
  args: [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=prometheus',
    `--web.listen-address=127.0.0.1:${port}`,
    // What it sends before it has found its Alertmanagers is lost, and sent again after this.
    '--rules.alert.resend-delay=2s',
  ],
  readyUrl: url(port, '/-/ready'),
});

export const alertmanagerProgram = (port: number): Program => ({
  name: 'alertmanager',
  command: peer('alertmanager'),
  args: [
    '--config.file=alertmanager.yml',
    '--storage.path=alertmanager',
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ],
  readyUrl: url(port, '/-/ready'),
});

/** The webhook receiver, which keeps what it knows in `folder` and expects heartbeats as `env` says. */
export const receiverProgram = (
  port: number,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Program => ({
  name: 'webhook-receiver',
  command: process.execPath,
  args: [join(root, 'services/webhook-receiver/src/main.ts')],
  env: { PORT: String(port), DATA_DIR: folder, ...env },
  readyUrl: url(port, '/healthz'),
});

/** What one webhook says of one alert. */
export interface Told {
  readonly path: string;
  readonly alertname: string;
  readonly status: string;
}

/** Takes webhooks and keeps what they say; the path `/refuse` refuses them for good. */
export async function startListener() {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url!;
    const { alerts } = JSON.parse(body) as { alerts: { status: string; labels: { alertname: string } }[] };
    told.push(...alerts.map(({ status, labels }) => ({ path, alertname: labels.alertname, status })));
    response.writeHead(path === '/refuse' ? 400 : 200).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    told,
    port,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
