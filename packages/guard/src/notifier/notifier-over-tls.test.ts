import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, expect, it } from 'vitest';
import { createSystemClock, Labels, type Logger } from '../core/index.ts';
import { createCertificate } from '../http-client/certificates.testing.ts';
import { createDiscoveryMetrics, loadPrometheusConfig } from '../scrape/index.ts';
import { createNotifier } from './index.ts';

const SECRET = 'hunter2hunter2';
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-notifier-'));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

it('sends over TLS with basic or bearer credentials, to addresses in files, and to nobody whom it does not know', async () => {
  const { cert, key } = await createCertificate('localhost', '127.0.0.1');
  const got: string[] = [];
  const server = createServer({ cert, key }, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push(`${request.url} ${request.headers.authorization} ${JSON.parse(body)[0].labels.alertname}`);
    response.end();
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = `localhost:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'ca.pem'), cert);
  writeFileSync(join(folder, 'token'), `${SECRET}\n`);
  writeFileSync(join(folder, 'found.json'), JSON.stringify([{ targets: [address] }]));
  const trusted = '{ ca_file: ca.pem }';
  const found = 'file_sd_configs: [{ files: [found.json] }]';
  const text = `alerting:
  alertmanagers:
    - { scheme: https, tls_config: ${trusted}, basic_auth: { username: me, password: ${SECRET} }, path_prefix: /basic, ${found} }
    - { scheme: https, tls_config: ${trusted}, authorization: { credentials_file: token }, path_prefix: /bearer, static_configs: [{ targets: ['${address}'] }] }
    - { scheme: https, authorization: { credentials: ${SECRET} }, path_prefix: /unknown, static_configs: [{ targets: ['${address}'] }] }
`;
  const told: string[] = [];
  const log = (...line: unknown[]) => void told.push(JSON.stringify(line));
  const registry = new Registry();
  const clock = createSystemClock();
  const notifier = createNotifier({
    queueCapacity: 100,
    batchSize: 64,
    drainsOnStop: true,
    clock,
    logger: { debug: log, info: log, warn: log, error: log } as unknown as Logger,
    registry,
    discoveryMetrics: createDiscoveryMetrics(registry),
    embedded: { send: () => expect.unreachable() },
    alsoEmbedded: false,
  });
  const { alerting, externalLabels } = loadPrometheusConfig(join(folder, 'prometheus.yml'), text);
  notifier.apply({ alerting, externalLabels });
  while (notifier.urls().length < 3) await clock.sleep(10);
  const now = clock.now();
  const labels = Labels.of({ alertname: 'A' });
  notifier.send([
    { labels, annotations: Labels.EMPTY, startsAt: now, endsAt: now + 60_000, generatorUrl: '' },
  ]);
  while (got.length < 2 || told.length === 0) await clock.sleep(10);
  const figures = await registry.metrics();
  await notifier.stop();
  const basic = Buffer.from(`me:${SECRET}`).toString('base64');
  expect(got.toSorted()).toEqual([
    `/basic/api/v2/alerts Basic ${basic} A`,
    `/bearer/api/v2/alerts Bearer ${SECRET} A`,
  ]);
  expect(figures).toMatch(/dropped_total\{alertmanager="[^"]*\/unknown\/[^"]*"\} 1/);
  expect(told.join()).toContain('self-signed certificate');
  expect(told.join()).not.toContain(SECRET);
});
