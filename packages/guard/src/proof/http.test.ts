import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createVirtualClock, milliseconds } from '../core/index.ts';
import { listenOnBlockedPort } from '../http-client/blocked-ports.testing.ts';
import { createHttp, REQUEST_TIMEOUT } from './http.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function setup() {
  const clock = createVirtualClock(milliseconds(0));
  const ending = new AbortController();
  const http = createHttp(clock, ending.signal);
  closing.push(() => http.close());
  return { clock, ending, http };
}

function serve(answer: RequestListener): Server {
  const server = createServer(answer);
  closing.push(() => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  });
  return server;
}

async function addressOf(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('requests of a drill', () => {
  it('reach a part at a port that browsers refuse', async () => {
    const { http } = setup();
    const server = serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.end(JSON.stringify([request.method, request.headers['content-type'] ?? '', body]));
    });
    const url = `http://127.0.0.1:${await listenOnBlockedPort(server)}/`;
    expect(await http.getText(url)).toBe('["GET","",""]');
    expect(await http.json(url, z.array(z.string()), { mode: 'none' })).toEqual([
      'POST',
      'application/json',
      '{"mode":"none"}',
    ]);
  });

  it('tell of an answer that is not good, where a redirect leads to, too', async () => {
    const { http } = setup();
    const server = serve(({ url }, response) => {
      if (url === '/there') response.writeHead(503).end('not now\n');
      else response.writeHead(302, { location: '/there' }).end();
    });
    await expect(http.getText(`http://${await addressOf(server)}/`)).rejects.toThrow(
      /\/ answered 503: not now \[drill-bad-answer\]/,
    );
  });

  it('tell why there is none, without the password of the address', async () => {
    const { http } = setup();
    const server = createServer();
    const host = await addressOf(server);
    await new Promise(resolve => server.close(resolve));
    await expect(http.getText(`http://me:secret@${host}/x`)).rejects.toThrow(
      new RegExp(`^http://${host}/x: connection refused \\(ECONNREFUSED\\) \\[drill-unreachable\\]\n`),
    );
  });

  it('tell nothing of the password of an address that a part repeats', async () => {
    const { http } = setup();
    const server = serve(({ headers, url }, response) => {
      const sent = `${headers.authorization} ${Buffer.from(headers.authorization!.slice(6), 'base64')}`;
      response
        .writeHead(url === '/refused' ? 403 : 200)
        .end(`${'.'.repeat(70)}${sent}${'.'.repeat(90)}${sent}`);
    });
    const base = `http://me:s3cret-word@${await addressOf(server)}`;
    for (const ask of [() => http.getText(`${base}/refused`), () => http.json(`${base}/`, z.null())]) {
      const { message } = await ask().then(
        () => expect.fail('taken'),
        (error: Error) => error,
      );
      expect(message).toContain('<sec');
      expect(message).not.toMatch(/me:|s3cr|bWU6/);
    }
  });

  it('end after their time, also within an answer, and when all ends', async () => {
    const { clock, ending, http } = setup();
    const server = serve((_, response) => void response.write('half'));
    const url = `http://${await addressOf(server)}/`;
    const late = expect(http.getText(url)).rejects.toThrow(/no answer within 5 s \[drill-unreachable\]/);
    await clock.advance(REQUEST_TIMEOUT);
    await late;
    const ended = expect(http.getText(url)).rejects.toThrow('enough');
    ending.abort(new Error('enough'));
    await ended;
  });
});
