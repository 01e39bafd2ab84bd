import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';
import { routePrefixOf } from './route-prefix.ts';

let folder: GuardFolder;
let guard: Guard;

beforeAll(async () => {
  folder = guardFolder({
    externalUrl: 'https://guard.example/metrics/',
    corsOrigin: 'https://(a|b)[.]example',
  });
  guard = await startIn(folder);
});
afterAll(async () => {
  await guard.stop();
  folder.remove();
});

/** As a page of `origin` asks; fetch would not let a test say so. */
function askFrom(
  origin: string | undefined,
  method: string,
  path: string,
): Promise<{ status: number; cors: Record<string, unknown> }> {
  const [host, port] = guard.addresses.prometheus!.split(':');
  const headers = origin === undefined ? {} : { origin, 'sec-fetch-site': 'cross-site' };
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, method, path: `/metrics/api/v1/${path}`, headers }, response => {
      response.resume();
      const cors = Object.entries(response.headers).filter(
        ([name]) => name.startsWith('access-control') || name === 'vary',
      );
      resolve({ status: response.statusCode!, cors: Object.fromEntries(cors) });
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('pages of other sites', () => {
  const heads = {
    'access-control-allow-headers': 'Accept, Authorization, Content-Type, Origin',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-expose-headers': 'Date',
    vary: 'Origin',
  };

  it('may ask queries where their origin is listed', async () => {
    const cors = { ...heads, 'access-control-allow-origin': 'https://b.example' };
    expect(await askFrom('https://b.example', 'GET', 'query?query=1')).toEqual({ status: 200, cors });
    expect(await askFrom('https://b.example', 'POST', 'query?query=1')).toEqual({ status: 200, cors });
    expect(await askFrom('https://b.example', 'OPTIONS', 'query')).toEqual({ status: 204, cors });
  });

  it('are told nothing where it is not', async () => {
    expect(await askFrom('https://b.example.evil', 'GET', 'query?query=1')).toEqual({
      status: 200,
      cors: heads,
    });
    expect(await askFrom('https://c.example', 'POST', 'query?query=1')).toMatchObject({ status: 403 });
    expect(await askFrom(undefined, 'GET', 'query?query=1')).toEqual({
      status: 200,
      cors: { vary: 'Origin' },
    });
  });

  it.each(['write', 'admin/tsdb/delete_series', 'admin/tsdb/snapshot', 'otlp/v1/metrics'])(
    'may not change anything even so: %s',
    async path => expect(await askFrom('https://b.example', 'POST', path)).toMatchObject({ status: 403 }),
  );
});

describe('a route prefix', () => {
  it('lies before every path, and the root leads there', async () => {
    const get = (path: string) => ask(guard.addresses.prometheus, path);
    expect((await get('/metrics/-/ready')).status).toBe(200);
    expect((await get('/metrics/metrics')).text).toContain('# TYPE');
    expect((await get('/api/v1/query?query=1')).status).toBe(404);
    expect((await get('/')).headers.get('location')).toBe('/metrics/');
    expect((await get('/metrics/')).headers.get('location')).toBe(`http://${guard.addresses.console}/`);
  });

  it.each([
    [undefined, undefined, ''],
    [undefined, 'http://host:9090', ''],
    [undefined, 'http://host:9090/a/b/', '/a/b'],
    ['/', 'http://host/a', ''],
    ['x/', 'http://host/a', '/x'],
  ])('of %j and the external address %j is %j', (routePrefix, externalUrl, prefix) =>
    expect(routePrefixOf({ routePrefix, externalUrl })).toBe(prefix),
  );

  it('tells nothing of the credentials of one that it refuses', () =>
    expect(() => routePrefixOf({ routePrefix: '/x', externalUrl: 'ftp://me:s3cret@host' })).toThrow(
      /--web.external-url: "ftp:\/\/<secret>@host" is not an address/,
    ));

  it('refuses an external address that is none', () =>
    expect(() => routePrefixOf({ routePrefix: '/x', externalUrl: 'host:9090' })).toThrow(
      /--web.external-url: "host:9090" is not an address/,
    ));
});
