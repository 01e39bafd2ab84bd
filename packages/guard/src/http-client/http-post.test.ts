import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, DEFAULT_HTTP_CLIENT, type HttpClient } from './index.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

const open: { server: Server; client: HttpClient }[] = [];
afterEach(async () => {
  for (const { server, client } of open.splice(0)) {
    await client.close();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
});

/** A server that remembers requests; `locations` are where its paths lead, with their status. */
async function serve(locations: Readonly<Record<string, readonly [status: number, to: string]>> = {}) {
  const seen: Seen[] = [];
  const server = createServer(async ({ method, url, headers, ...request }, response) => {
    void request;
    seen.push({ method, url, type: headers['content-type'], body: '' });
    const [status, location] = locations[url ?? ''] ?? [200, undefined];
    response.writeHead(status, location === undefined ? {} : { location }).end('done');
  });
  server.on('request', async request => {
    let body = '';
    const at = seen.length - 1;
    for await (const chunk of request) body += chunk;
    seen[at] = { ...seen[at]!, body };
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const client = createHttpClient({ config: DEFAULT_HTTP_CLIENT });
  open.push({ server, client });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = async (path: string) => {
    const headers = { 'content-type': 'application/json' };
    const signal = new AbortController().signal;
    const answer = await client.post({ url: base + path, headers, body: '[1]', signal });
    await answer.body.dump();
    return answer.status;
  };
  return { server, seen, post };
}

describe('a POST', () => {
  it('carries its body', async () => {
    const { seen, post } = await serve();
    expect(await post('/x')).toBe(200);
    expect(seen).toEqual([{ method: 'POST', url: '/x', type: 'application/json', body: '[1]' }]);
  });

  it.each([
    [307, 'POST', '[1]', 'application/json'],
    [308, 'POST', '[1]', 'application/json'],
    [302, 'GET', '', undefined],
    [303, 'GET', '', undefined],
  ] as const)('becomes behind %d what Go makes of it', async (status, method, body, type) => {
    const { seen, post } = await serve({ '/x': [status, '/y'] });
    expect(await post('/x')).toBe(200);
    expect(seen[1]).toEqual({ method, url: '/y', type, body });
  });

  it('is sent again when a kept connection was closed', async () => {
    const { server, seen, post } = await serve();
    await post('/1');
    server.closeAllConnections();
    expect(await post('/2')).toBe(200);
    expect(seen.at(-1)).toMatchObject({ url: '/2', body: '[1]' });
  });
});
