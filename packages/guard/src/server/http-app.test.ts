import { describe, expect, it } from 'vitest';
import { silentLogger } from '../core/index.ts';
import { createHttpApp } from './http-app.ts';

function appOn(listen: string) {
  const app = createHttpApp({ logger: silentLogger, listen, allowedHosts: ['guard.example'] });
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

  it('asks no host name where it is bound to every address', async () => {
    const response = await appOn('0.0.0.0').inject({
      method: 'GET',
      url: '/x',
      headers: { host: 'service.internal' },
    });
    expect(response.statusCode).toBe(200);
  });
});
