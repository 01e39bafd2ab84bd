import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Dispatcher, fetch } from 'undici';
import { expect, it } from 'vitest';
import { listenOnBlockedPort } from './blocked-ports.testing.ts';
import { BLOCKED_PORTS } from './blocked-ports.ts';
import { createHttpClient, DEFAULT_HTTP_CLIENT } from './index.ts';

it('are those which fetch refuses', async () => {
  const asked = new Set<number>();
  const dispatcher = {
    dispatch({ origin }: Dispatcher.DispatchOptions) {
      asked.add(Number(new URL(String(origin)).port));
      throw new Error('asked');
    },
  } as unknown as Dispatcher;
  const ports = Array.from({ length: 11_000 }, (_, i) => i + 1).filter(port => port !== 80);
  for (const port of ports) await fetch(`http://127.0.0.1:${port}/`, { dispatcher }).catch(() => {});
  expect(ports.filter(port => !asked.has(port))).toEqual([...BLOCKED_PORTS]);
});

it('are asked by the client', async () => {
  const server = createServer((_, response) => response.end('here'));
  const port = await listenOnBlockedPort(server);
  const client = createHttpClient({ config: DEFAULT_HTTP_CLIENT });
  try {
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
    const { signal } = new AbortController();
    const { body } = await client.get({ url: `http://127.0.0.1:${port}/`, headers: {}, signal });
    expect(await text(body)).toBe('here');
  } finally {
    await client.close();
    await new Promise(resolve => server.close(resolve));
  }
});
