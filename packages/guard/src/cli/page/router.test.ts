import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { listenOnBlockedPort } from '../../http-client/blocked-ports.testing.ts';
import { createRouter, type Router } from './router.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(server: Server) {
  const port = await listenOnBlockedPort(server);
  closing.push(() => new Promise(resolve => server.close(resolve)));
  const router = createRouter(`http://127.0.0.1:${port}/`);
  closing.push(() => router.close());
  return { router, base: `http://127.0.0.1:${port}` };
}

const ALERT = { labels: { a: 'b' }, annotations: {}, startsAt: 's', endsAt: 'e' };

describe('a router at a port that browsers refuse', () => {
  it('is posted to and asked', async () => {
    const bodies: string[] = [];
    const { router } = await start(
      createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        if (request.method === 'POST') bodies.push(body);
        if (request.url!.endsWith('/history')) response.writeHead(404).end();
        else response.end('[]');
      }),
    );
    await router.post(ALERT);
    expect(bodies.map(body => JSON.parse(body))).toEqual([[ALERT]]);
    expect(await router.alerts()).toEqual([]);
    expect(await router.find('a', 'b')).toBeUndefined();
    expect(await router.decisions('f')).toBeUndefined();
  });

  it('tells why it refuses', async () => {
    const { router, base } = await start(
      createServer((_, response) => void response.writeHead(400).end('bad\n')),
    );
    await expect(router.post(ALERT)).rejects.toThrow('the alert is refused: 400 bad');
    await expect(router.alerts()).rejects.toThrow(`${base}/api/v2/alerts answers 400 [bad-request]`);
  });
});

it.each<[what: string, ask: (router: Router) => Promise<unknown>, path: string]>([
  ['its alerts', router => router.alerts(), '/api/v2/alerts'],
  ['an alert', router => router.find('a', 'b'), '/api/v2/alerts?filter=a%3D%22b%22'],
  ['decisions', router => router.decisions('f'), '/api/v2/alert/f/history'],
  ['its configuration', router => router.kinds(), '/api/v2/status'],
  ['its counters', router => router.counts(), '/metrics'],
])('asked for %s, says that a server is no Alertmanager', async (_, ask, path) => {
  for (const answer of ['<!doctype html>', '{"a":1', '[{"a":1}]']) {
    const { router, base } = await start(createServer((_, response) => void response.end(answer)));
    await expect(ask(router)).rejects.toThrow(
      `${base}${path} answers as no Alertmanager does: ${JSON.stringify(answer)} [bad-answer]`,
    );
  }
});

it('says what keeps a router from answering, without the password of its address', async () => {
  const server = createServer();
  const port = await listenOnBlockedPort(server);
  await new Promise(resolve => server.close(resolve));
  const router = createRouter(`http://me:secret@127.0.0.1:${port}`);
  closing.push(() => router.close());
  await expect(router.alerts()).rejects.toThrow(
    new RegExp(
      `^no answer from http://127\\.0\\.0\\.1:${port}: connection refused \\(ECONNREFUSED\\) \\[unreachable\\]\n  remedy: `,
    ),
  );
});
