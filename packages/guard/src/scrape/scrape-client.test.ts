import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_HTTP_CLIENT } from '../http-client/index.ts';
import { createScrapeClient } from './index.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener, zstd = false) {
  const server: Server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const http = createScrapeClient({ config: DEFAULT_HTTP_CLIENT, unixSocket: '', zstd });
  closing.push(
    () => http.close(),
    () => new Promise(resolve => server.close(resolve)),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  return async (bodySizeLimitBytes = 0, signal = new AbortController().signal) => {
    const { contentType, body } = await http.fetch({
      url,
      headers: { accept: 'x/y' },
      signal,
      bodySizeLimitBytes,
    });
    return { contentType, text: Buffer.from(body).toString() };
  };
}

describe('scraping over HTTP', () => {
  it('gives the body and its type', async () => {
    const get = await serve((request, response) => {
      response.setHeader('content-type', 'text/plain').end(`m{a="${request.headers.accept}"} 1`);
    });
    expect(await get()).toEqual({ contentType: 'text/plain', text: 'm{a="x/y"} 1' });
  });

  it('unpacks gzip, and limits what comes out of it', async () => {
    const get = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('a'.repeat(10_000)));
    });
    expect((await get(10_001)).text).toHaveLength(10_000);
    await expect(get(10_000)).rejects.toThrow('body_size_limit');
  });

  it('limits a plain body, and leaves the rest of it', async () => {
    const get = await serve((_, response) => response.end('a'.repeat(1_000_000)));
    await expect(get(1000)).rejects.toThrow('body_size_limit exceeded');
    expect((await get(1_000_001)).text).toHaveLength(1_000_000);
  });

  it('unpacks zstd where it is asked for', async () => {
    const answer: RequestListener = (_, response) => {
      response.setHeader('content-encoding', 'zstd').end(zstdCompressSync('m 1'));
    };
    expect((await (await serve(answer, true))()).text).toBe('m 1');
    await expect((await serve(answer))()).rejects.toThrow('zstd, which was not asked for');
  });

  it('fails on broken gzip instead of waiting', async () => {
    const get = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip').end('not gzip');
    });
    await expect(get()).rejects.toThrow();
  });

  it('fails on any status but 200', async () => {
    const get = await serve((_, response) => {
      response.writeHead(204).end();
    });
    await expect(get()).rejects.toThrow('HTTP status 204');
  });

  it('follows redirects', async () => {
    const get = await serve((request, response) => {
      if (request.url === '/metrics') response.writeHead(302, { location: '/other' }).end();
      else response.end('m 1');
    });
    expect((await get()).text).toBe('m 1');
  });

  it('stops when told to', async () => {
    const get = await serve(() => {});
    const ending = new AbortController();
    const answer = get(0, ending.signal);
    ending.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });

  it('keeps connections alive', async () => {
    const ports = new Set<number | undefined>();
    const get = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('m 1');
    });
    for (let i = 0; i < 6; i++) await get();
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
