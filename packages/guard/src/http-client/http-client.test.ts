import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Certificate, createCertificate } from './certificates.testing.ts';
import {
  checkHttpClient,
  createHttpClient,
  type HttpClient,
  httpClientConfig,
  httpClientFields,
} from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-client-'));
const open: { server: Server | TcpServer; client?: HttpClient }[] = [];
let certificate: Certificate;
let other: Certificate;

beforeAll(async () => {
  certificate = await createCertificate('here.test', '127.0.0.1');
  other = await createCertificate('there.test');
});
afterEach(async () => {
  for (const { server, client } of open.splice(0)) {
    await client?.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const schema = z.strictObject(httpClientFields).superRefine(checkHttpClient);

/** A file in the configuration's folder. */
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

async function listen<T extends Server | TcpServer>(server: T, address: string | number = 0): Promise<T> {
  await new Promise<void>(resolve =>
    typeof address === 'string'
      ? server.listen(address, resolve)
      : server.listen(address, '127.0.0.1', resolve),
  );
  open.push({ server });
  return server;
}

const hostOf = (server: Server | TcpServer) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

function clientWith(options: z.input<typeof schema>, unixSocket?: string): HttpClient {
  const config = httpClientConfig(schema.parse(options), folder);
  const client = createHttpClient({ config, ...(unixSocket && { unixSocket }) });
  open.at(-1)!.client = client;
  return client;
}

async function get(client: HttpClient, url: string, headers: Record<string, string> = {}) {
  const answer = await client.get({ url, headers, signal: new AbortController().signal });
  let body = '';
  for await (const chunk of answer.body) body += chunk;
  return { status: answer.status, statusLine: answer.statusLine, body };
}

/** Answers with the request's headers. */
const echo: RequestListener = (request, response) => response.end(JSON.stringify(request.headers));

describe('what a client sends', () => {
  it.each([
    ['basic_auth', { basic_auth: { username: 'me', password: 'secret' } }, `Basic ${btoa('me:secret')}`],
    ['a password alone', { basic_auth: { password: 'x' } }, `Basic ${btoa(':x')}`],
    ['files', { basic_auth: { username_file: 'user', password_file: 'word' } }, `Basic ${btoa('u:w')}`],
    ['authorization', { authorization: { credentials: 'abc' } }, 'Bearer abc'],
    ['a type', { authorization: { type: ' Token ', credentials_file: 'word' } }, 'Token w'],
    ['bearer_token', { bearer_token: 'abc' }, 'Bearer abc'],
    ['bearer_token_file', { bearer_token_file: 'word' }, 'Bearer w'],
  ])('authorizes by %s', async (_, options, expected) => {
    file('user', 'u\n');
    file('word', ' w \n');
    const server = await listen(createServer(echo));
    const { body } = await get(clientWith(options), `http://${hostOf(server)}/`);
    expect(JSON.parse(body).authorization).toBe(expected);
  });

  it('authorizes by credentials in the address, unless the options say otherwise', async () => {
    const server = await listen(createServer(echo));
    const url = `http://me:s%3Acret@${hostOf(server)}/`;
    const authorization = async (client: HttpClient) =>
      JSON.parse((await get(client, url)).body).authorization;
    expect(await authorization(clientWith({}))).toBe(`Basic ${btoa('me:s:cret')}`);
    expect(await authorization(clientWith({ bearer_token: 'abc' }))).toBe('Bearer abc');
  });

  it('adds headers, from values, secrets and files', async () => {
    file('word', 'w\n');
    const server = await listen(createServer(echo));
    const client = clientWith({
      http_headers: {
        'X-Tenant': { values: ['a'], secrets: ['b'], files: ['word'] },
        Accept: { values: ['z'] },
      },
    });
    const { body } = await get(client, `http://${hostOf(server)}/`, { accept: 'y' });
    expect(JSON.parse(body)).toMatchObject({ 'x-tenant': 'a, b, w', accept: 'y, z' });
  });

  it('reads files anew for each request, and says which cannot be read', async () => {
    const server = await listen(createServer(echo));
    file('word', 'one');
    const client = clientWith({ bearer_token_file: 'word' });
    await get(client, `http://${hostOf(server)}/`);
    file('word', 'two');
    expect((await get(client, `http://${hostOf(server)}/`)).body).toContain('Bearer two');
    rmSync(join(folder, 'word'));
    await expect(get(client, `http://${hostOf(server)}/`)).rejects.toThrow(
      /credentials_file: .*word.*ENOENT/,
    );
  });
});

describe('redirects', () => {
  const redirecting = (location: (request: IncomingMessage) => string | undefined) =>
    createServer((request, response) => {
      const to = location(request);
      if (to === undefined) echo(request, response);
      else response.writeHead(302, { location: to }).end();
    });

  it('are followed with credentials on the same host', async () => {
    const server = await listen(redirecting(({ url }) => (url === '/' ? '/there' : undefined)));
    const client = clientWith({ bearer_token: 'abc', http_headers: { 'x-a': { values: ['1'] } } });
    const { body } = await get(client, `http://${hostOf(server)}/`);
    expect(JSON.parse(body)).toMatchObject({ authorization: 'Bearer abc', 'x-a': '1' });
  });

  it('keep secrets from another host, also when that leads back', async () => {
    const seen: [string | undefined, string | undefined][] = [];
    const server: Server = await listen(
      redirecting(({ url, headers }): string | undefined => {
        seen.push([headers.host!.split(':')[0], headers.authorization]);
        if (url === '/') return `http://localhost:${(server.address() as AddressInfo).port}/2`;
        return url === '/2' ? `http://${hostOf(server)}/3` : undefined;
      }),
    );
    const client = clientWith({
      bearer_token: 'abc',
      http_headers: { cookie: { values: ['c'] }, 'x-a': { values: ['1'] } },
    });
    const { body } = await get(client, `http://${hostOf(server)}/`);
    expect(seen).toEqual([
      ['127.0.0.1', 'Bearer abc'],
      ['localhost', undefined],
      ['127.0.0.1', undefined],
    ]);
    expect(JSON.parse(body)).toMatchObject({ 'x-a': '1' });
    expect(JSON.parse(body)).not.toHaveProperty('cookie');
  });

  it('are the answer when they are not to be followed, and end after ten', async () => {
    const server = await listen(redirecting(() => '/'));
    const url = `http://${hostOf(server)}/`;
    expect(await get(clientWith({ follow_redirects: false }), url)).toMatchObject({
      statusLine: '302 Found',
    });
    await expect(get(clientWith({}), url)).rejects.toThrow('10 redirects');
  });
});

describe('TLS', () => {
  const secured = (options: object = {}) => listen(createTlsServer({ ...certificate, ...options }, echo));

  it('trusts the given authority, as text or file, and picks up a changed file', async () => {
    const server = await secured();
    const url = `https://${hostOf(server)}/`;
    expect((await get(clientWith({ tls_config: { ca: certificate.cert } }), url)).status).toBe(200);
    const client = clientWith({ tls_config: { ca_file: file('ca.pem', other.cert) } });
    await expect(get(client, url)).rejects.toThrow(/no answer from https:.*self-signed certificate/);
    file('ca.pem', certificate.cert);
    expect((await get(client, url)).status).toBe(200);
  });

  it('trusts nobody unknown unless told to', async () => {
    const url = `https://${hostOf(await secured())}/`;
    await expect(get(clientWith({}), url)).rejects.toThrow('self-signed certificate');
    expect((await get(clientWith({ tls_config: { insecure_skip_verify: true } }), url)).status).toBe(200);
  });

  it('checks the name that is given instead of the host', async () => {
    const url = `https://${hostOf(await secured())}/`;
    const named = (server_name: string) =>
      get(clientWith({ tls_config: { ca: certificate.cert, server_name } }), url);
    expect((await named('here.test')).status).toBe(200);
    await expect(named('there.test')).rejects.toThrow("does not match certificate's altnames");
  });

  it('shows its own certificate', async () => {
    const url = `https://${hostOf(await secured({ requestCert: true, ca: other.cert }))}/`;
    const ca = certificate.cert;
    const client = clientWith({
      tls_config: { ca, cert: other.cert, key_file: file('key.pem', other.key) },
    });
    expect((await get(client, url)).status).toBe(200);
    await expect(get(clientWith({ tls_config: { ca } }), url)).rejects.toThrow('no answer');
  });

  it('keeps to the versions', async () => {
    const url = `https://${hostOf(await secured({ maxVersion: 'TLSv1.2' }))}/`;
    const ca = certificate.cert;
    expect((await get(clientWith({ tls_config: { ca, max_version: 'TLS12' } }), url)).status).toBe(200);
    await expect(get(clientWith({ tls_config: { ca, min_version: 'TLS13' } }), url)).rejects.toThrow(
      'no answer',
    );
  });

  it('says which certificate cannot be used', async () => {
    const url = `https://${hostOf(await secured())}/`;
    await expect(get(clientWith({ tls_config: { ca: 'x' } }), url)).rejects.toThrow(
      'tls_config.ca cannot be used',
    );
    const broken = { cert: certificate.cert, key: 'x' };
    await expect(get(clientWith({ tls_config: broken }), url)).rejects.toThrow('cert and key cannot be used');
  });
});

describe('connections', () => {
  it('go through a socket where one is given', async () => {
    const path = join(folder, 'socket');
    await listen(createServer(echo), path);
    const { body } = await get(clientWith({}, path), 'http://localhost/metrics');
    expect(JSON.parse(body).host).toBe('localhost');
  });

  it('tell why there is no answer, without credentials', async () => {
    const server = await listen(createServer(echo));
    const host = hostOf(server);
    await new Promise(resolve => server.close(resolve));
    await expect(get(clientWith({}), `http://me:secret@${host}/`)).rejects.toThrow(
      `no answer from http://${host}/: connection refused (ECONNREFUSED)`,
    );
  });

  it('are opened again when a kept one was closed by the other side', async () => {
    let connections = 0;
    const server = await listen(
      createTcpServer(socket => {
        connections++;
        let requests = 0;
        socket.on('error', () => {});
        socket.on('data', () => {
          if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          else socket.destroy();
        });
      }),
    );
    const client = clientWith({});
    const url = `http://${hostOf(server)}/`;
    expect((await get(client, url)).body).toBe('ok');
    expect((await get(client, url)).body).toBe('ok');
    expect(connections).toBe(2);
  });

  it('are not tried twice when a fresh one is closed', async () => {
    let connections = 0;
    const server = await listen(
      createTcpServer(socket => {
        connections++;
        socket.on('error', () => {});
        socket.once('data', () => socket.end());
      }),
    );
    await expect(get(clientWith({}), `http://${hostOf(server)}/`)).rejects.toThrow('no answer');
    expect(connections).toBe(1);
  });

  it('are left when the signal says so', async () => {
    const server = await listen(createServer(() => {}));
    const client = clientWith({});
    const ending = new AbortController();
    const answer = client.get({ url: `http://${hostOf(server)}/`, headers: {}, signal: ending.signal });
    ending.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});
