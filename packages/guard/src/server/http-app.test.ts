import { describe, expect, it } from 'vitest';
import { silentLogger } from '../core/index.ts';
import { createHttpApp } from './http-app.ts';

function appOn(listen: string, allowedHosts = ['guard.example']) {
  const app = createHttpApp({ logger: silentLogger, listen, allowedHosts, publicHost: 'Public.example' });
  app.get('/x', async () => ({ ok: true }));
  app.post('/x', async () => ({ ok: true }));
  return app;
}

describe('an HTTP surface', () => {
  it.each([
    ['GET', { host: 'localhost:9090' }, 200],
    ['GET', { host: '127.0.0.1:9090', origin: 'http://evil.example' }, 200],
    ['GET', { host: 'evil.example' }, 403],
    ['GET', { host: 'guard.example:80' }, 200],
    ['GET', { host: 'public.example:80' }, 200],
    ['POST', { host: 'localhost:9090' }, 200],
    ['POST', { host: 'localhost:9090', origin: 'http://localhost:9090' }, 200],
    ['POST', { host: 'localhost:9090', origin: 'http://localhost:3000' }, 403],
    ['POST', { host: 'localhost:9090', origin: 'null' }, 403],
    ['POST', { host: 'localhost:9090', 'sec-fetch-site': 'cross-site' }, 403],
    ['POST', { host: 'localhost:9090', 'sec-fetch-site': 'same-site' }, 403],
  ] as const)('answers %s with %j on loopback with %d', async (method, headers, status) => {
    const response = await appOn('127.0.0.1').inject({ method, url: '/x', headers });
    expect(response.statusCode).toBe(status);
  });

  it.each([
    [[], 200],
    [['guard.example'], 403],
  ])(
    'bound to every address with %j as allowed hosts answers another host with %d',
    async (hosts, status) => {
      const response = await appOn('0.0.0.0', hosts).inject({
        method: 'GET',
        url: '/x',
        headers: { host: 'service.internal' },
      });
      expect(response.statusCode).toBe(status);
    },
  );

  it('refuses a body that is larger than the limit', async () => {
    const response = await appOn('127.0.0.1').inject({
      method: 'POST',
      url: '/x',
      headers: { host: 'localhost', 'content-type': 'application/json' },
      payload: JSON.stringify('x'.repeat(5 * 1024 * 1024)),
    });
    expect(response.statusCode).toBe(413);
    expect(response.json()).toMatchObject({ status: 'error', errorType: 'bad_data' });
  });
});
