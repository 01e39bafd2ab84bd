import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { listenOnBlockedPort } from '../../http-client/blocked-ports.testing.ts';
import { createRouter } from './router.ts';

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
