import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createCertificate } from '../../packages/guard/src/http-client/certificates.testing.ts';
import { eventually } from '../story/support.ts';
import { type RouterProcess, startRouter } from './support/router-process.ts';

/** What Slack was told, as in the tests of our own notifier (receivers/slack-update.test.ts), which hold the same. */
interface Told {
  readonly path: string;
  readonly channel: string;
  readonly ts?: string;
  readonly title: string;
}

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-slack-update-'));
const servers: Server[] = [];
let router: RouterProcess | undefined;
afterAll(async () => {
  await router?.stop();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Stands in for slack.com, which the real one reaches through a proxy that leads everywhere to here. */
async function startSlack(told: Told[]): Promise<number> {
  const { cert, key } = await createCertificate('slack.com');
  let posted = 0;
  const slack = createSecureServer({ cert, key }, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { channel, ts, attachments } = JSON.parse(body);
    told.push({ path: request.url!, channel, ...(ts !== undefined && { ts }), title: attachments[0].title });
    if (request.url === '/api/chat.postMessage') posted++;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, ts: `171.${posted}`, channel: 'C042' }));
  });
  const port = await listen(slack);
  const proxy = createServer().on('connect', (_request, client) => {
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on('error', () => {});
  });
  return listen(proxy);
}

const config = (proxy: number) => `
route: { receiver: r, group_by: [service], group_wait: 1s, group_interval: 2s, repeat_interval: 1h }
receivers:
  - name: r
    slack_configs:
      - api_url: https://slack.com/api/chat.postMessage
        channel: '#pages'
        update_message: true
        send_resolved: true
        title: '{{ .Status }} {{ range .Alerts }}{{ .Labels.alertname }}{{ end }}'
        http_config:
          authorization: { credentials: xoxb-1 }
          proxy_url: http://127.0.0.1:${proxy}
          tls_config: { insecure_skip_verify: true }
`;

it('the real Alertmanager edits the message that it posted, after a restart too, and posts anew what fires again', async () => {
  const told: Told[] = [];
  const text = config(await startSlack(told));
  router = await startRouter('alertmanager', folder, text);
  const startsAt = new Date();
  const put = async (name: string, endsAt?: Date) => {
    const answer = await fetch(`http://${router!.address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: name, service: 'a' }, startsAt, endsAt }]),
    });
    expect(answer.status).toBe(200);
  };
  const nth = (count: number) =>
    eventually(`message ${count}`, 20, async () => told.length >= count || undefined);

  await put('A');
  await nth(1);
  await put('B');
  await nth(2);
  await router.stop();
  router = await startRouter('alertmanager', folder, text);
  // It keeps no alerts over a restart: they are sent again.
  for (const name of ['A', 'B', 'C']) await put(name);
  await nth(3);
  for (const name of ['A', 'B', 'C']) await put(name, new Date());
  await nth(4);
  await put('A');
  await nth(5);
  await put('B');
  await nth(6);
  const posted = (title: string) => ({ path: '/api/chat.postMessage', channel: '#pages', title });
  const updated = (title: string, ts: string) => ({ path: '/api/chat.update', channel: 'C042', ts, title });
  expect(told).toEqual([
    posted('firing A'),
    updated('firing AB', '171.1'),
    updated('firing ABC', '171.1'),
    updated('resolved ABC', '171.1'),
    posted('firing A'),
    updated('firing AB', '171.2'),
  ]);
});
