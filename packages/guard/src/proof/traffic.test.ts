import { createServer, type Server } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { createSystemClock } from '../core/index.ts';
import { listenOnBlockedPort } from '../http-client/blocked-ports.testing.ts';
import { startTraffic } from './traffic.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const close = (server: Server) => {
  server.closeAllConnections();
  return new Promise<unknown>(resolve => server.close(resolve));
};

async function start(server: Server) {
  const port = await listenOnBlockedPort(server);
  closing.push(() => close(server));
  const traffic = startTraffic({
    url: `http://127.0.0.1:${port}/work`,
    requestsPerSecond: 50,
    clock: createSystemClock(),
  });
  closing.push(() => traffic.stop());
  const succeeds = (count: number) =>
    vi.waitFor(() => expect(traffic.counts().succeeded).toBeGreaterThan(count));
  return { traffic, succeeds };
}

it('reaches a service at a port that browsers refuse', async () => {
  const { traffic, succeeds } = await start(createServer((_, response) => response.end('done')));
  await succeeds(3);
  expect(traffic.counts()).toMatchObject({ failed: 0, unanswered: 0, lastError: undefined });
});

it('does not fail because a kept connection was closed between two requests', async () => {
  const seen = new Set<unknown>();
  const server = createServer(({ socket }, response) => {
    seen.add(socket);
    // After the answer, and without a word: the sender may take it for alive.
    response.once('finish', () => socket.destroySoon()).end('done');
  });
  const { traffic, succeeds } = await start(server);
  await succeeds(10);
  expect(traffic.counts()).toMatchObject({ failed: 0, unanswered: 0 });
  expect(seen.size).toBeGreaterThan(9);
});

it('tells why nothing is answered, and ends what is in flight', async () => {
  const server = createServer(() => {});
  const { traffic } = await start(server);
  await vi.waitFor(() => expect(traffic.counts().sent).toBeGreaterThan(2));
  await close(server);
  await vi.waitFor(() => expect(traffic.counts().lastError).toBe('connection refused (ECONNREFUSED)'));
  await traffic.stop();
  const { sent, unanswered } = traffic.counts();
  expect(unanswered).toBe(sent);
});
