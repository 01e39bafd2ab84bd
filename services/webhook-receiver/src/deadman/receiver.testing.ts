import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReceiver } from '../app.ts';
import { createVirtualClock } from './virtual-clock.testing.ts';

export const LATE_AFTER = 120_000;

const closing: (() => unknown)[] = [];

/** Ends and removes what the functions here have started and made, the latest first. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deadman-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Alertmanager's webhook for `Watchdog`, with fields of its alert replaced. */
export const beatOf = (alert: object = {}) => ({
  version: '4',
  status: 'firing',
  receiver: 'deadman',
  groupKey: '{}/{alertname="Watchdog"}:{alertname="Watchdog"}',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'Watchdog', severity: 'none' },
      annotations: {},
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: 'f',
      ...alert,
    },
  ],
});

interface Message {
  readonly status: string;
  readonly alerts: readonly { readonly startsAt: string; readonly endsAt: string }[];
}

const listenAnywhere = (server: Server) =>
  new Promise<unknown>(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)));

/** Whoever is told of outages: answers as told, not at all with 0, and keeps what came. */
export async function startOutgoing(listen: (server: Server) => Promise<unknown> = listenAnywhere) {
  const messages: Message[] = [];
  const paths: string[] = [];
  let status = 200;
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    paths.push(request.url!);
    messages.push(JSON.parse(body));
    // It repeats the secret of its address, as some do.
    const { url } = request;
    if (status !== 0) response.writeHead(status, `at ${url}`, { location: `/elsewhere${url}` }).end(url);
  });
  await listen(server);
  closing.push(
    () => new Promise(resolve => server.close(resolve)),
    () => server.closeAllConnections(),
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/hook/secret`),
    messages,
    paths,
    answer: (next: number) => (status = next),
  };
}

/** A receiver on a virtual clock, that is asked without a socket. */
export function startReceiver(options: { dataDir?: string; webhookUrl?: URL } = {}) {
  const { dataDir, webhookUrl } = options;
  const clock = createVirtualClock();
  const logged: string[] = [];
  const app = createReceiver({
    logLevel: 'trace',
    logTo: { write: line => void logged.push(line) },
    guard: { host: '127.0.0.1' },
    clock,
    deadMan: { interval: 30_000, lateAfter: LATE_AFTER, ...(webhookUrl && { webhookUrl }) },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  closing.push(() => app.close());
  const get = async (url: string) => (await app.inject(url)).body;
  return {
    app,
    clock,
    logged,
    get,
    beat: (payload: object = beatOf()) => app.inject({ method: 'POST', url: '/heartbeat', payload }),
    view: async () => JSON.parse(await get('/api/heartbeat')),
    /** Until the teller has its answer and has drawn its conclusion. */
    async settled(isSettled: (metrics: string) => boolean) {
      while (!isSettled(await get('/metrics'))) await new Promise(resolve => setTimeout(resolve, 5));
    },
  };
}
