import Fastify, { type InjectOptions } from 'fastify';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { AdminGuardOptions } from './admin-guard.ts';
import { createInjectionCounter } from './metrics.ts';
import { registerFaults } from './plugin.ts';
import { createTestClock } from './testing-clock.ts';

function setup(guard: Partial<AdminGuardOptions> = {}) {
  const registry = new Registry();
  const clock = createTestClock();
  const app = Fastify();
  registerFaults(app, {
    routes: ['/compute'],
    guard: { host: '127.0.0.1', ...guard },
    injections: createInjectionCounter(registry),
    clock,
  });
  app.get('/compute', async () => ({ result: 1 }));
  app.get('/healthz', async () => ({ status: 'ok' }));
  const post = (payload: string | undefined, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/admin/failmode',
      headers: { host: '127.0.0.1:8002', ...headers },
      ...(payload === undefined ? {} : { payload }),
    } as InjectOptions);
  const mode = async () =>
    (await app.inject({ url: '/admin/state', headers: { host: 'localhost' } })).json().mode;
  return { app, registry, clock, post, mode };
}

describe('POST /admin/failmode', () => {
  it.each([
    ['application/json'],
    ['application/x-www-form-urlencoded'],
    ['text/plain; charset=utf-8'],
    ['application/octet-stream'],
    [undefined],
  ])('takes JSON with the content type %s', async contentType => {
    const { post } = setup();
    const answer = await post(
      '{"mode":"error"}',
      contentType === undefined ? {} : { 'content-type': contentType },
    );
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      mode: 'error',
      error_rate: 1,
      latency_ms: 300,
      lease_seconds: 600,
      ends_at: '1970-01-01T00:26:40.000Z',
    });
  });

  it.each([
    ['an unknown mode', '{"mode":"chaos"}', /mode/],
    ['no mode', '{"error_rate":1}', /mode/],
    ['an unknown field', '{"mode":"none","colour":"red"}', /colour/],
    ['a hidden field', '{"mode":"none","__proto__":{"a":1}}', /__proto__/],
    ['a rate above 1', '{"mode":"error","error_rate":1.01}', /error_rate/],
    ['a rate below 0', '{"mode":"error","error_rate":-0.1}', /error_rate/],
    ['a rate as text', '{"mode":"error","error_rate":"1"}', /error_rate/],
    ['an endless number', '{"mode":"latency","latency_ms":1e999}', /latency_ms/],
    ['a negative latency', '{"mode":"latency","latency_ms":-1}', /latency_ms/],
    ['too long a latency', '{"mode":"latency","latency_ms":60001}', /latency_ms/],
    ['too long a lease', '{"mode":"error","lease_seconds":7201}', /lease_seconds/],
    ['an empty lease', '{"mode":"error","lease_seconds":0}', /lease_seconds/],
    ['null for a number', '{"mode":"error","error_rate":null}', /error_rate/],
    ['broken JSON', '{"mode":', /not JSON/],
    ['an array', '[]', /object/],
    ['nothing', undefined, /JSON object/],
  ])('refuses %s with a reason and leaves everything as it was', async (_what, body, reason) => {
    const { post, mode } = setup();
    await post('{"mode":"latency"}');
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toMatch(reason);
    expect(await mode()).toBe('latency');
  });

  it('refuses ten megabytes with 413', async () => {
    const { post, mode } = setup();
    expect((await post(`{"mode":"error","x":"${'a'.repeat(10_000_000)}"}`)).statusCode).toBe(413);
    expect(await mode()).toBe('none');
  });
});

describe('the guard of admin routes', () => {
  it.each([
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['the null origin', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site request from elsewhere', { 'sec-fetch-site': 'same-site' }],
    ['a rebound name', { host: 'evil.example' }],
  ])('refuses %s with 403', async (_what, headers) => {
    const { post, mode } = setup();
    expect((await post('{"mode":"error"}', headers)).statusCode).toBe(403);
    expect(await mode()).toBe('none');
  });

  it.each([
    ['its own origin', { origin: 'http://127.0.0.1:8002', 'sec-fetch-site': 'same-origin' }],
    ['a typed address', { 'sec-fetch-site': 'none' }],
    ['localhost', { host: 'localhost:8002' }],
    ['IPv6 loopback', { host: '[::1]:8002' }],
  ])('lets %s through', async (_what, headers) => {
    expect((await setup().post('{"mode":"error"}', headers)).statusCode).toBe(200);
  });

  it('wants the token beyond loopback', async () => {
    const { post } = setup({ host: '0.0.0.0', token: 'sesame' });
    expect((await post('{"mode":"error"}')).statusCode).toBe(401);
    expect((await post('{"mode":"error"}', { authorization: 'Bearer open' })).statusCode).toBe(401);
    expect((await post('{"mode":"error"}', { authorization: 'Bearer sesame' })).statusCode).toBe(200);
  });

  it('is closed beyond loopback without a token, unless it is switched off', async () => {
    const closed = await setup({ host: '0.0.0.0' }).post('{"mode":"error"}');
    expect([closed.statusCode, closed.json().error]).toEqual([401, 'no_token_configured']);
    const open = setup({ host: '0.0.0.0', auth: 'off' });
    expect((await open.post('{"mode":"error"}', { host: 'service-b:8002' })).statusCode).toBe(200);
    expect((await open.post('{"mode":"error"}', { origin: 'null' })).statusCode).toBe(403);
  });
});

describe('injection', () => {
  it('fails the route, counts it, and leaves the others alone', async () => {
    const { app, post, registry } = setup();
    expect(await registry.metrics()).toContain('fault_injections_total{endpoint="/compute",kind="error"} 0');
    await post('{"mode":"error"}');
    const answer = await app.inject('/compute');
    expect([answer.statusCode, answer.json().error]).toEqual([500, 'injected_error']);
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect(await registry.metrics()).toContain('fault_injections_total{endpoint="/compute",kind="error"} 1');
  });

  it('delays until the time is over', async () => {
    const { app, post, clock, registry } = setup();
    await post('{"mode":"latency","latency_ms":800}');
    let answered = false;
    const answer = app.inject('/compute').then(result => {
      answered = true;
      return result;
    });
    await expect.poll(() => registry.metrics()).toContain('kind="latency"} 1');
    clock.advance(799);
    expect(answered).toBe(false);
    clock.advance(1);
    expect((await answer).statusCode).toBe(200);
  });

  it('does not hold up the end of the service', async () => {
    const { app, post, registry } = setup();
    await post('{"mode":"latency","latency_ms":60000}');
    const answer = app.inject('/compute');
    await expect.poll(() => registry.metrics()).toContain('kind="latency"} 1');
    await app.close();
    expect((await answer).statusCode).toBe(200);
  });

  it('refuses to be put on health, metrics or admin routes', () => {
    const app = Fastify();
    expect(() => registerFaults(app, { routes: ['/healthz'], guard: { host: '127.0.0.1' } })).toThrow(
      /never/,
    );
  });
});
