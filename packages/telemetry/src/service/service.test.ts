import { Counter, Histogram } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createServiceApp } from './app.ts';
import { createMetricsRegistry, prefersOpenMetrics, registerMetricsRoute } from './metrics-route.ts';

const PROMETHEUS_ACCEPT =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

describe('the format of /metrics', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['text/plain; version=0.0.4', false],
    ['application/openmetrics-text; version=1.0.0', true],
    ['application/openmetrics-text; version=1.0.0; q=0.2, text/plain; q=0.9', false],
    ['application/openmetrics-text; version=0.0.1', false],
    [PROMETHEUS_ACCEPT, true],
  ])('for Accept %s prefers OpenMetrics: %s', (accept, expected) => {
    expect(prefersOpenMetrics(accept)).toBe(expected);
  });

  it('keeps the names of counters in text after an OpenMetrics scrape, and exemplars in OpenMetrics alone', async () => {
    const registry = createMetricsRegistry();
    const labelNames: string[] = ['status'];
    const counter = new Counter({
      name: 'done_total',
      help: 'Done.',
      labelNames,
      enableExemplars: true,
      registers: [registry],
    });
    new Histogram({ name: 'took_seconds', help: 'Took.', buckets: [1], registers: [registry] }).observe(2);
    counter.inc({ labels: { status: 'ok' }, value: 1, exemplarLabels: { trace_id: 'abc' } });
    const app = createServiceApp({ name: 'test', logLevel: 'silent' });
    registerMetricsRoute(app, registry);
    const scrape = (accept: string) => app.inject({ url: '/metrics', headers: { accept } });

    const text = await scrape('text/plain');
    const open = await scrape(PROMETHEUS_ACCEPT);
    const again = await scrape('text/plain');
    expect(text.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(open.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text.body).toContain('# TYPE done_total counter\ndone_total{status="ok"} 1\n');
    expect(text.body).not.toContain('abc');
    expect(open.body).toMatch(/# TYPE done counter\ndone_total\{status="ok"\} 1 # \{trace_id="abc"\} 1 \d/);
    expect(open.body.endsWith('# EOF\n')).toBe(true);
    expect(again.body).toBe(text.body);
  });
});

describe('a service application', () => {
  it('answers unknown routes and broken bodies in JSON, and says nothing of its inside', async () => {
    const app = createServiceApp({ name: 'test', logLevel: 'silent' });
    app.get('/broken', async () => {
      throw new Error('secret');
    });
    app.post('/body', async () => ({}));
    const missing = await app.inject('/nope');
    expect([missing.statusCode, missing.json()]).toEqual([
      404,
      { error: 'not_found', message: 'no route GET /nope' },
    ]);
    const broken = await app.inject('/broken');
    expect([broken.statusCode, broken.json()]).toEqual([500, { error: 'error', message: 'internal error' }]);
    const body = await app.inject({
      method: 'POST',
      url: '/body',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(body.statusCode).toBe(400);
  });

  it('writes one JSON line for each request, and none for probes', async () => {
    const lines: string[] = [];
    const app = createServiceApp({ name: 'test', logTo: { write: line => void lines.push(line) } });
    app.get('/x', async () => ({}));
    await app.inject('/healthz');
    await app.inject('/x');
    await expect.poll(() => lines.length).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      service: 'test',
      method: 'GET',
      path: '/x',
      status: 200,
    });
  });

  it('refuses a log level that does not exist', () => {
    expect(() => createServiceApp({ name: 'test', logLevel: 'loud' })).toThrow(/LOG_LEVEL=loud/);
  });
});
