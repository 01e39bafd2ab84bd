import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createCertificate } from '../../http-client/certificates.testing.ts';
import { type ClientOptions, createPrometheusClient, type PrometheusClient } from './client.ts';
import { type ConnectionFlags, type ConnectionSecrets, connectionOf } from './connection.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];
const clients: PrometheusClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.close()));
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(handler: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    handler(request, response, body);
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Setup extends Partial<ConnectionFlags> {
  readonly secrets?: ConnectionSecrets;
  readonly options?: Partial<ClientOptions>;
}

function connect(url: string, { secrets = {}, options = {}, ...flags }: Setup = {}): PrometheusClient {
  const client = createPrometheusClient({ connection: connectionOf({ url, ...flags }, secrets), ...options });
  clients.push(client);
  return client;
}

const success = (response: ServerResponse, fields: object = {}) =>
  response.end(JSON.stringify({ status: 'success', data: 'it', ...fields }));

/** Answers with what was asked. */
const echo: Handler = ({ method, url, headers }, response, body) =>
  success(response, {
    data: { method, url, body, authorization: headers.authorization, own: headers['x-own'] },
  });

describe('the client of Prometheus', () => {
  it('posts questions as forms, and gets them where posts are not taken', async () => {
    const url = await listen(echo);
    const { data } = await connect(`${url}/prefix/`).ask('query', {
      query: 'a+b',
      'm[]': ['1', '2'],
      no: undefined,
    });
    expect(data).toMatchObject({
      method: 'POST',
      url: '/prefix/api/v1/query',
      body: 'query=a%2Bb&m%5B%5D=1&m%5B%5D=2',
    });

    const readOnly = await listen((request, response, body) => {
      if (request.method === 'GET') return echo(request, response, body);
      response.statusCode = 405;
      response.end('no posts');
    });
    const got = await connect(readOnly).ask('query', { query: 'a+b' });
    expect(got.data).toMatchObject({ method: 'GET', url: '/api/v1/query?query=a%2Bb' });
  });

  it('tells warnings and infos, and leaves the answer as it came', async () => {
    const url = await listen((_, response) => success(response, { warnings: ['w'], infos: ['i'] }));
    expect(await connect(url).get('labels')).toEqual({
      text: '{"status":"success","data":"it","warnings":["w"],"infos":["i"]}',
      data: 'it',
      warnings: ['w'],
      infos: ['i'],
    });
  });

  it('reads compressed answers', async () => {
    const url = await listen((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync('{"status":"success","data":"it"}'));
    });
    expect((await connect(url).get('labels')).data).toBe('it');
  });

  it('follows redirects', async () => {
    const url = await listen((request, response, body) => {
      if (request.url?.startsWith('/new')) return echo(request, response, body);
      response.writeHead(307, { location: '/new' }).end();
    });
    expect((await connect(url).ask('query', { query: 'x' })).data).toMatchObject({
      url: '/new',
      body: 'query=x',
    });
  });

  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;
  it.each([
    [
      'a user with the password of the environment',
      { user: 'ann', secrets: { password: 'p:w' } },
      basic('ann:p:w'),
    ],
    ['a user with a password', { user: 'ann:pw', secrets: { password: 'other' } }, basic('ann:pw')],
    ['a token of the environment', { secrets: { bearerToken: 'tok' } }, 'Bearer tok'],
    ['a header', { header: ['Authorization: Own x ', 'X-Own: 1'], secrets: { bearerToken: 'tok' } }, 'Own x'],
  ])('authenticates with %s', async (_, setup, authorization) => {
    expect((await connect(await listen(echo), setup).get('labels')).data).toMatchObject({ authorization });
  });

  it('takes credentials out of the address, and shows it without them', async () => {
    const url = (await listen(echo)).replace('//', '//ann:p%40w@');
    const client = connect(url);
    expect((await client.get('labels')).data).toMatchObject({ authorization: basic('ann:p@w') });
    expect(client.base).not.toContain('ann');
  });

  it.each([
    ['an error of the API', (sent: string) => JSON.stringify({ status: 'error', error: `you sent ${sent}` })],
    ['text that is cut within it', (sent: string) => `${'.'.repeat(185)}${sent}`],
    ['JSON of something else', (sent: string) => JSON.stringify({ headers: { authorization: sent } })],
  ])('shows nothing of its credentials that a server repeats in %s', async (_, answer) => {
    for (const [setup, userinfo] of [
      [{ user: 'ann:s3cret-word' }, ''],
      [{ secrets: { bearerToken: 's3cret-word' } }, ''],
      [{ header: ['Authorization: Own s3cret-word'] }, ''],
      [{}, 'ann:s3cret-word@'],
    ] as const) {
      const url = await listen(({ headers }, response) => {
        const { authorization = '' } = headers;
        response.end(answer(`${authorization} ${Buffer.from(authorization.slice(6), 'base64')}`));
      });
      const client = connect(url.replace('//', `//${userinfo}`), setup as Setup);
      for (const ask of [() => client.get('labels'), () => client.ask('query', { query: 'x' })]) {
        const { message } = await ask().then(
          () => expect.fail('taken'),
          (error: Error) => error,
        );
        expect(message).toContain('<sec');
        expect(message).not.toMatch(/s3cr|czNjc|MzY3|zM2Ny/);
      }
    }
  });

  it("tells the API's errors with their type", async () => {
    const url = await listen((_, response) => {
      response.statusCode = 400;
      response.end('{"status":"error","errorType":"bad_data","error":"it is bad"}');
    });
    await expect(connect(url).get('query')).rejects.toThrow(/^it is bad \[prometheus-bad-data\]$/);
  });

  it.each([
    [401, '', 'prometheus-denied'],
    [403, '{"status":"error","errorType":"x","error":"y"}', 'SLO_GUARD_BEARER_TOKEN'],
    [404, '404 page not found', '"404 page not found"'],
    [200, '<html>', 'not as Prometheus does'],
    [200, '{"status":"success"', 'prometheus-bad-answer'],
    [200, 'null', 'prometheus-bad-answer'],
  ])('says what is wrong with an answer of status %s: %j', async (status, body, expected) => {
    const url = await listen((_, response) => {
      response.statusCode = status;
      response.end(body);
    });
    await expect(connect(url).get('query')).rejects.toThrow(expected);
  });

  it('says that nobody answers, and what to do', async () => {
    await expect(connect('http://127.0.0.1:1').get('query')).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:1\/api\/v1\/query: .*ECONNREFUSED.*\[prometheus-unreachable\]\n {2}remedy: start the guard/,
    );
  });

  it('says that an answer broke off', async () => {
    const url = await listen((_, response) => {
      response.write('{"status":');
      setImmediate(() => response.destroy());
    });
    await expect(connect(url).get('query')).rejects.toThrow('prometheus-unreachable');
  });

  it('takes no answers beyond its limit', async () => {
    const url = await listen((_, response) => success(response, { data: 'x'.repeat(1000) }));
    await expect(connect(url, { options: { maxAnswerBytes: 999 } }).get('query')).rejects.toThrow(
      /more than 999 bytes \[prometheus-answer-too-large\]/,
    );
  });

  it('gives the answer to what was sent, whatever its status', async () => {
    const url = await listen((_, response, body) => {
      response.writeHead(400, { 'x-written': '1' }).end(`bad ${body}`);
    });
    const answer = await connect(url).send('write', Buffer.from('bytes'), { 'content-type': 'x' });
    expect(answer).toMatchObject({ status: 400, text: 'bad bytes', headers: { 'x-written': '1' } });
  });

  it('ends with the signal', async () => {
    const url = await listen(() => undefined);
    const controller = new AbortController();
    const pending = connect(url, { options: { signal: controller.signal } }).get('query');
    controller.abort(new Error('interrupted'));
    await expect(pending).rejects.toThrow('interrupted');
  });
});

describe('a server with a certificate of its own', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function secured() {
    folder = mkdtempSync(join(tmpdir(), 'client-'));
    const certificate = await createCertificate('localhost', '127.0.0.1');
    const server = createSecureServer(certificate, (request, response) => echo(request, response, ''));
    servers.push(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, file, cacert: file('ca.pem', certificate.cert) };
  }

  it('is not trusted, and the remedy is named', async () => {
    const { url } = await secured();
    await expect(connect(url).get('labels')).rejects.toThrow(/\[prometheus-unreachable\]\n.*--cacert/);
  });

  it('is trusted with its certificate, unchecked, or by a file of client options', async () => {
    const { url, file, cacert } = await secured();
    const config = file(
      'http.yml',
      'tls_config: { ca_file: ca.pem }\nbasic_auth: { username: ann, password: pw }\n',
    );
    expect((await connect(url, { cacert }).get('labels')).data).toMatchObject({ method: 'GET' });
    expect((await connect(url, { insecure: true }).get('labels')).data).toMatchObject({ method: 'GET' });
    expect(
      (await connect(url, { 'http.config.file': config, header: ['X-Own: 1'] }).get('labels')).data,
    ).toMatchObject({
      authorization: `Basic ${Buffer.from('ann:pw').toString('base64')}`,
      own: '1',
    });
  });

  it('needs a certificate that can be read', async () => {
    const { url } = await secured();
    await expect(connect(url, { cacert: '/nowhere.pem' }).get('labels')).rejects.toThrow('/nowhere.pem');
  });
});

describe('the options of a connection', () => {
  it.each([
    [{ url: 'localhost:9090' }, '--url'],
    [{ url: 'ftp://x' }, '--url'],
    [{ url: 'http://x/?a=b' }, '--url'],
    [{ url: 'http://x', header: ['secret-without-colon'] }, /--header is not of the form/],
    [{ url: 'http://x', header: ['a: b\r\nc: d'] }, '--header'],
    [{ url: 'http://x', 'http.config.file': '/nowhere.yml' }, 'unreadable-file'],
    [{ url: 'http://x', 'http.config.file': 'x.yml', user: 'ann' }, '--http.config.file'],
  ])('are refused when they are wrong: %j', (flags, expected) => {
    expect(() => connectionOf(flags, {})).toThrow(expected);
  });

  it('never show a secret in an error', () => {
    expect(() => connectionOf({ url: 'http://ann:hunter2@x?q' }, {})).toThrow(/^(?!.*hunter2)/s);
    expect(() => connectionOf({ url: 'http://x', header: ['hunter2'] }, {})).toThrow(/^(?!.*hunter2)/s);
  });
});
