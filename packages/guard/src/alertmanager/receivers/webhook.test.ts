import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock, Labels, silentLogger } from '../../core/index.ts';
import { createCertificate } from '../../http-client/certificates.testing.ts';
import { loadAlertmanagerConfig } from '../load-config.ts';
import type { Notification } from '../notification.ts';
import { createPayload } from '../payload.ts';
import { createReceiverNotifier } from './create-notifier.ts';

const notification: Notification = {
  receiver: 'r',
  alerts: [],
  reason: 'first notification',
  groupLabels: Labels.EMPTY,
  routeLabels: {},
  groupKey: '{}:{}',
  externalUrl: '',
  now: 0,
};
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>(resolve => server!.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function notifierFor(webhook: string) {
  const text = `route: { receiver: r }\nreceivers: [{ name: r, webhook_configs: [${webhook}] }]`;
  const config = loadAlertmanagerConfig('am.yml', text).receivers[0]!.integrations[0]!;
  const notifier = createReceiverNotifier(config, { clock: createSystemClock(), logger: silentLogger });
  return {
    notify: (told: Notification, signal: AbortSignal) => notifier.notify(told, signal, {}),
  };
}
const never = new AbortController().signal;

describe('the webhook notifier', () => {
  it('trusts the authority it is given, and no other', async () => {
    const { cert, key } = await createCertificate('localhost', '127.0.0.1');
    const secure = createSecureServer({ cert, key }, (_request, response) => response.end());
    server = secure;
    await new Promise<void>(resolve => secure.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/`;
    const trusting = notifierFor(
      `{ url: '${url}', http_config: { tls_config: { ca: ${JSON.stringify(cert)} } } }`,
    );
    expect((await trusting.notify(notification, never)).outcome).toBe('delivered');
    expect((await notifierFor(`{ url: '${url}' }`).notify(notification, never)).outcome).toBe('retry');
  });

  it('sends headers, credentials and to an address from files, read anew for each attempt', async () => {
    const seen: unknown[] = [];
    const host = await serve(({ headers, url }, response) => {
      seen.push([url, headers.authorization, headers['x-team'], headers['x-key']]);
      response.writeHead(500).end(`bad ${headers['x-key']}`);
    });
    const folder = mkdtempSync(join(tmpdir(), 'slo-guard-webhook-'));
    try {
      const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
      write('url', `http://${host}/first-secret\n`);
      write('password', 'pw-one\n');
      write('key', 'key-one');
      const notifier = notifierFor(
        `{ url_file: ${join(folder, 'url')}, http_config: {
           basic_auth: { username: me, password_file: ${join(folder, 'password')} },
           http_headers: { X-Team: { values: [a] }, X-Key: { files: [${join(folder, 'key')}] } } } }`,
      );
      expect((await notifier.notify(notification, never)).reason).toBe(
        'unexpected status code 500: bad <secret>',
      );
      write('url', `http://${host}/second-secret`);
      write('key', 'key-two');
      await notifier.notify(notification, never);
      const basic = `Basic ${Buffer.from('me:pw-one').toString('base64')}`;
      expect(seen).toEqual([
        ['/first-secret', basic, 'a', 'key-one'],
        ['/second-secret', basic, 'a', 'key-two'],
      ]);
      rmSync(join(folder, 'key'));
      const { outcome, reason } = await notifier.notify(notification, never);
      expect([outcome, reason]).toEqual(['retry', expect.stringMatching(/http_headers\.X-Key.*ENOENT/)]);
      write('key', 'key-two');
      write('url', 'file:///etc/passwd');
      expect((await notifier.notify(notification, never)).reason).toMatch(/not an http or https address/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('posts JSON with the credentials of the address', async () => {
    let seen: unknown[] = [];
    const host = await serve((request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () => {
        seen = [
          request.method,
          request.url,
          request.headers['content-type'],
          request.headers.authorization,
          body,
        ];
        response.end();
      });
    });
    const result = await notifierFor(`{ url: 'http://me:s%3Acret@${host}/hook?a=b' }`).notify(
      notification,
      never,
    );
    expect(result.outcome).toBe('delivered');
    const basic = `Basic ${Buffer.from('me:s:cret').toString('base64')}`;
    expect(seen).toEqual([
      'POST',
      '/hook?a=b',
      'application/json',
      basic,
      `${JSON.stringify(createPayload(notification, 0))}\n`,
    ]);
  });

  it.each([
    [204, 'delivered', undefined],
    [400, 'failed', 'clientError'],
    [401, 'failed', 'authError'],
    [429, 'failed', 'rateLimited'],
    [500, 'retry', 'serverError'],
    [503, 'retry', 'serverError'],
  ])('takes status %d for %s', async (status, outcome, category) => {
    const host = await serve((_request, response) => response.writeHead(status).end());
    const result = await notifierFor(`{ url: 'http://${host}/' }`).notify(notification, never);
    expect([result.outcome, 'category' in result ? result.category : undefined]).toEqual([outcome, category]);
  });

  it('follows a redirect as a GET unless told not to', async () => {
    const methods: string[] = [];
    const host = await serve((request, response) => {
      methods.push(request.method!);
      if (request.url === '/') response.writeHead(302, { location: '/there' });
      response.end();
    });
    expect((await notifierFor(`{ url: 'http://${host}/' }`).notify(notification, never)).outcome).toBe(
      'delivered',
    );
    expect(methods).toEqual(['POST', 'GET']);
    const strict = notifierFor(`{ url: 'http://${host}/', http_config: { follow_redirects: false } }`);
    expect(await strict.notify(notification, never)).toMatchObject({ outcome: 'failed', category: 'other' });
  });

  it('retries what was refused a connection, timed out or cut off, and keeps secrets out of the reasons', async () => {
    const host = await serve((request, response) => {
      if (request.url === '/cut') request.socket.destroy();
      if (request.url === '/echo') response.writeHead(500).end(`bad ${request.headers.authorization}`);
    });
    const slow = await notifierFor(`{ url: 'http://${host}/slow', timeout: 50ms }`).notify(
      notification,
      never,
    );
    expect(slow).toEqual({ outcome: 'retry', reason: 'configured webhook timeout reached (50ms)' });
    expect((await notifierFor(`{ url: 'http://${host}/cut' }`).notify(notification, never)).outcome).toBe(
      'retry',
    );
    const echo = notifierFor(
      `{ url: 'http://${host}/echo', http_config: { authorization: { credentials: hunter2 } } }`,
    );
    expect((await echo.notify(notification, never)).reason).toBe(
      'unexpected status code 500: bad Bearer <secret>',
    );
    const refused = await notifierFor(`{ url: 'http://user:hunter2@127.0.0.1:1/' }`).notify(
      notification,
      never,
    );
    expect(refused.outcome).toBe('retry');
    expect(refused.reason).toMatch(/ECONNREFUSED/);
    expect(refused.reason).not.toContain('hunter2');
  });

  it('gives up when the flush ends', async () => {
    const host = await serve(() => {});
    const flush = new AbortController();
    const sending = notifierFor(`{ url: 'http://${host}/' }`).notify(notification, flush.signal);
    flush.abort(new Error('over'));
    expect(await sending).toEqual({ outcome: 'retry', reason: 'over' });
  });
});
