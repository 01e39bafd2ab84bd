import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningService } from '../../../services/service-a/test/process.ts';

/** Starts an implementation of service_b with these variables. */
export type StartBackend = (env?: Record<string, string>) => Promise<RunningService>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request, with headers that `fetch` would not send as given (`Host`, `Origin`). */
function send(
  base: string,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string | undefined } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${base}${path}`, { method, headers, agent: false }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const BUCKETS = '0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

/** What refuses a body, and what the reason says. */
const BAD_BODIES: readonly (readonly [what: string, body: string | undefined, reason: string | RegExp])[] = [
  ['an unknown mode', '{"mode":"chaos"}', /^mode: Invalid option: expected one of "none"\|"error"/],
  ['no mode', '{"error_rate":1}', /^mode: Invalid option/],
  ['an unknown field', '{"mode":"none","colour":"red"}', 'Unrecognized key: "colour"'],
  ['a hidden field', '{"mode":"none","__proto__":{"a":1}}', 'unknown field "__proto__"'],
  ['a rate above 1', '{"mode":"error","error_rate":1.01}', 'error_rate: Too big: expected number to be <=1'],
  [
    'a rate below 0',
    '{"mode":"error","error_rate":-0.1}',
    'error_rate: Too small: expected number to be >=0',
  ],
  [
    'a rate as text',
    '{"mode":"error","error_rate":"1"}',
    'error_rate: Invalid input: expected number, received string',
  ],
  [
    'an endless number',
    '{"mode":"latency","latency_ms":1e999}',
    /^latency_ms: Invalid input: expected number/,
  ],
  ['a negative latency', '{"mode":"latency","latency_ms":-1}', /^latency_ms: Too small/],
  [
    'too long a latency',
    '{"mode":"latency","latency_ms":60001}',
    'latency_ms: Too big: expected number to be <=60000',
  ],
  [
    'too long a lease',
    '{"mode":"error","lease_seconds":7201}',
    'lease_seconds: Too big: expected number to be <=7200',
  ],
  [
    'an empty lease',
    '{"mode":"error","lease_seconds":0}',
    'lease_seconds: Too small: expected number to be >0',
  ],
  [
    'null for a number',
    '{"mode":"error","error_rate":null}',
    'error_rate: Invalid input: expected number, received null',
  ],
  ['two faults at once', '{"mode":"error","error_rate":2,"latency_ms":-1}', /^error_rate: .*; latency_ms: /],
  ['broken JSON', '{"mode":', /^the body is not JSON: /],
  ['an array', '[]', 'Invalid input: expected object, received array'],
  ['nothing', undefined, 'a JSON object is needed as body'],
];

const FOREIGN: readonly (readonly [what: string, headers: Record<string, string>, error: string])[] = [
  ['a foreign origin', { origin: 'http://evil.example' }, 'foreign_origin'],
  ['the null origin', { origin: 'null' }, 'foreign_origin'],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 'foreign_origin'],
  ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 'foreign_site'],
  ['a same-site request from elsewhere', { 'sec-fetch-site': 'same-site' }, 'foreign_site'],
  ['a rebound name', { host: 'evil.example' }, 'host_not_allowed'],
];

/** What service_b promises over HTTP, whatever it is written in. */
export function describeBackend(language: string, start: StartBackend): void {
  describe(`service_b in ${language}`, () => {
    let backend: RunningService;
    const get = (path: string, headers?: Record<string, string>) =>
      send(backend.url, 'GET', path, headers ? { headers } : {});
    const post = (body: string | undefined, headers?: Record<string, string>) =>
      send(backend.url, 'POST', '/admin/failmode', { body, ...(headers ? { headers } : {}) });
    const mode = async () => JSON.parse((await get('/admin/state')).body).mode;
    const reset = () => post('{"mode":"none"}');
    const value = async (series: string) => {
      const { body } = await get('/metrics');
      const line = body.split('\n').find(one => one.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.split(' ')[1]);
    };

    beforeAll(async () => {
      backend = await start();
    });
    afterAll(async () => {
      expect((await backend.stop()).code).toBe(0);
    });

    it('has every series at 0 from the start, with the stated buckets', async () => {
      const { status, headers, body } = await get('/metrics');
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(headers.vary).toMatch(/accept/i);
      for (const result of ['success', 'error']) {
        const labels = `endpoint="/compute",method="GET",status="${result}"`;
        expect(body).toContain(`service_b_requests_total{${labels}} 0\n`);
        expect(body).toContain(`service_b_request_duration_seconds_count{${labels}} 0\n`);
        const buckets = [...body.matchAll(/service_b_request_duration_seconds_bucket\{([^}]*)\} 0\n/g)]
          .filter(([, text]) => text!.includes(`status="${result}"`))
          .map(([, text]) => /le="([^"]+)"/.exec(text!)![1]);
        expect(buckets.join(' ')).toBe(BUCKETS);
      }
      for (const kind of ['error', 'latency'])
        expect(body).toContain(`fault_injections_total{endpoint="/compute",kind="${kind}"} 0\n`);
      for (const type of [
        'service_b_requests_total counter',
        'service_b_request_duration_seconds histogram',
        'fault_injections_total counter',
        'otel_spans_started_total counter',
      ])
        expect(body).toContain(`# TYPE ${type}\n`);
    });

    it('answers health, work, and what it does not know', async () => {
      expect(JSON.parse((await get('/healthz')).body)).toEqual({ status: 'ok' });
      const work = await get('/compute');
      expect([work.status, JSON.parse(work.body)]).toEqual([
        200,
        { service: 'service_b', result: 333_833_500 },
      ]);
      expect(work.headers['content-type']).toBe('application/json; charset=utf-8');
      const missing = await get('/nope?x=1');
      expect([missing.status, JSON.parse(missing.body)]).toEqual([
        404,
        { error: 'not_found', message: 'no route GET /nope?x=1' },
      ]);
      expect((await send(backend.url, 'HEAD', '/compute')).status).toBe(404);
      expect((await send(backend.url, 'POST', '/compute')).status).toBe(404);
    });

    it('counts computing and nothing else', async () => {
      const series = 'service_b_requests_total{endpoint="/compute",method="GET",status="success"}';
      const before = (await value(series))!;
      for (const path of ['/compute', '/healthz', '/metrics', '/admin/state', '/nope']) await get(path);
      expect(await value(series)).toBe(before + 1);
    });

    it('gives OpenMetrics where it is preferred, with exemplars', async () => {
      await get('/compute');
      const { headers, body } = await get('/metrics', { accept: OPEN_METRICS });
      expect(headers['content-type']).toContain('application/openmetrics-text');
      expect(body).toMatch(
        /service_b_requests_total\{[^}]*status="success"\} \S+ # \{(trace_id|span_id)="[0-9a-f]+",(trace_id|span_id)="[0-9a-f]+"\} 1/,
      );
      expect(body.endsWith('# EOF\n')).toBe(true);
      expect((await get('/metrics', { accept: 'text/plain' })).body).not.toContain('trace_id');
    });

    it.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain', undefined])(
      'takes a mode with the content type %s, and states it whole',
      async type => {
        const answer = await post('{"mode":"error"}', type ? { 'content-type': type } : undefined);
        expect(answer.status).toBe(200);
        const { ends_at, ...state } = JSON.parse(answer.body);
        expect(state).toEqual({ mode: 'error', error_rate: 1, latency_ms: 300, lease_seconds: 600 });
        expect(ends_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(JSON.parse((await get('/admin/state')).body)).toEqual({ ...state, ends_at });
        expect(JSON.parse((await reset()).body)).toEqual({
          mode: 'none',
          error_rate: 1,
          latency_ms: 300,
          lease_seconds: 600,
          ends_at: null,
        });
      },
    );

    it.each(BAD_BODIES)(
      'refuses %s with a reason and leaves everything as it was',
      async (_what, body, reason) => {
        await post('{"mode":"latency","latency_ms":1}');
        const answer = await post(body);
        const { error, message } = JSON.parse(answer.body);
        expect([answer.status, error]).toEqual([400, 'bad_request']);
        if (typeof reason === 'string') expect(message).toBe(reason);
        else expect(message).toMatch(reason);
        expect(await mode()).toBe('latency');
        await reset();
      },
    );

    it('refuses a large body with 413', async () => {
      const answer = await post(`{"mode":"error","x":"${'a'.repeat(100_000)}"}`).catch(() => undefined);
      // A connection that is cut while the body is still being sent refuses it as well.
      if (answer) {
        expect(answer.status).toBe(413);
        expect(JSON.parse(answer.body).message).toBe('Request body is too large');
      }
      expect(await mode()).toBe('none');
    });

    it.each(FOREIGN)('refuses %s', async (_what, headers, error) => {
      const answer = await post('{"mode":"error"}', headers);
      expect([answer.status, JSON.parse(answer.body).error]).toEqual([403, error]);
      expect(await mode()).toBe('none');
    });

    it.each([
      ['its own origin', () => ({ origin: backend.url, 'sec-fetch-site': 'same-origin' })],
      ['a typed address', () => ({ 'sec-fetch-site': 'none' })],
      ['localhost', () => ({ host: `localhost:${backend.port}` })],
      ['IPv6 loopback', () => ({ host: `[::1]:${backend.port}` })],
    ])('lets %s through', async (_what, headers) => {
      expect((await post('{"mode":"none"}', headers())).status).toBe(200);
    });

    it('fails, delays, and does both, and counts each injection', async () => {
      const errors = 'fault_injections_total{endpoint="/compute",kind="error"}';
      const delays = 'fault_injections_total{endpoint="/compute",kind="latency"}';
      const [failed, delayed] = [(await value(errors))!, (await value(delays))!];
      await post('{"mode":"error"}');
      const failure = await get('/compute');
      expect([failure.status, JSON.parse(failure.body)]).toEqual([
        500,
        { error: 'injected_error', message: 'this failure was injected on purpose' },
      ]);
      expect((await get('/healthz')).status).toBe(200);
      await post('{"mode":"latency","latency_ms":120}');
      let started = performance.now();
      expect((await get('/compute')).status).toBe(200);
      expect(performance.now() - started).toBeGreaterThan(118);
      await post('{"mode":"mixed","latency_ms":120}');
      started = performance.now();
      expect((await get('/compute')).status).toBe(500);
      expect(performance.now() - started).toBeGreaterThan(118);
      await reset();
      expect((await get('/compute')).status).toBe(200);
      expect(await value(errors)).toBe(failed + 2);
      expect(await value(delays)).toBe(delayed + 2);
    });

    it('fails the same requests for the same seed', async () => {
      const pattern = async () => {
        await post('{"mode":"error","error_rate":0.5}');
        let statuses = '';
        for (let i = 0; i < 40; i++) statuses += (await get('/compute')).status === 500 ? 'x' : '.';
        await reset();
        return statuses;
      };
      // What SHA-256 of "slo-guard", "failmode" and the ordinal gives.
      expect(await pattern()).toBe(EXPECTED_PATTERN);
      expect(await pattern()).toBe(EXPECTED_PATTERN);
    });

    it('ends a fault by itself', async () => {
      await post('{"mode":"error","lease_seconds":0.2}');
      expect((await get('/compute')).status).toBe(500);
      await expect.poll(mode, { timeout: 5000 }).toBe('none');
      expect((await get('/compute')).status).toBe(200);
    });

    it('writes one JSON line a request, and audits changes', async () => {
      await get('/compute');
      await reset();
      await expect
        .poll(() => backend.lines.map(line => JSON.parse(line)).filter(line => line.audit === true).length)
        .toBeGreaterThan(0);
      const lines = backend.lines.map(line => JSON.parse(line));
      const line = lines.findLast(one => one.path === '/compute');
      expect(line).toMatchObject({
        level: 'info',
        service: 'service_b',
        method: 'GET',
        status: 200,
        msg: 'request',
      });
      expect(line.time).toMatch(/^\d{4}-.*Z$/);
      expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
      expect(line.span_id).toMatch(/^[0-9a-f]{16}$/);
      expect(line.duration_ms).toBeTypeOf('number');
      expect(lines.some(one => one.path === '/healthz' || one.path === '/metrics')).toBe(false);
    });

    it('wants the token beyond loopback, unless that is switched off', async () => {
      const authorized = (url: string, headers: Record<string, string> = {}) =>
        send(url, 'POST', '/admin/failmode', { headers, body: '{"mode":"none"}' });
      const guarded = await start({ HOST: '0.0.0.0', SLO_GUARD_ADMIN_TOKEN: 'sesame' });
      const url = `http://127.0.0.1:${guarded.port}`;
      const closed = await authorized(url);
      expect([closed.status, closed.headers['www-authenticate']]).toEqual([401, 'Bearer']);
      expect((await authorized(url, { authorization: 'Bearer open' })).status).toBe(401);
      expect((await authorized(url, { authorization: 'Bearer sesame' })).status).toBe(200);
      await guarded.stop();
      const open = await start({ HOST: '0.0.0.0', SLO_GUARD_ADMIN_AUTH: 'off' });
      expect((await authorized(`http://127.0.0.1:${open.port}`, { host: 'service-b:8002' })).status).toBe(
        200,
      );
      await open.stop();
      const bare = await start({ HOST: '0.0.0.0' });
      const answer = await authorized(`http://127.0.0.1:${bare.port}`);
      expect([answer.status, JSON.parse(answer.body).error]).toEqual([401, 'no_token_configured']);
      await bare.stop();
    });

    it.each([
      [{ PORT: 'eighty' }, 'PORT=eighty is not a port (0 to 65535)'],
      [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL=loud is not a level'],
      [{ SLO_GUARD_ADMIN_AUTH: 'maybe' }, 'SLO_GUARD_ADMIN_AUTH=maybe is not supported; use on or off'],
      [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json is not supported'],
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, 'is not an http:// or https:// address'],
    ])('does not start with %o', async (env, reason) => {
      await expect(start(env as Record<string, string>)).rejects.toThrow(reason);
    });

    it('does not start on a port in use', async () => {
      await expect(start({ PORT: String(backend.port) })).rejects.toThrow(
        `port ${backend.port} on 127.0.0.1 is in use: stop what listens there, or set PORT`,
      );
    });

    it('does not wait for an injected minute when it ends', async () => {
      const slow = await start();
      await send(slow.url, 'POST', '/admin/failmode', { body: '{"mode":"latency","latency_ms":60000}' });
      const answer = send(slow.url, 'GET', '/compute');
      await expect
        .poll(async () => (await send(slow.url, 'GET', '/metrics')).body)
        .toContain('fault_injections_total{endpoint="/compute",kind="latency"} 1');
      const { code, ms } = await slow.stop();
      expect((await answer).status).toBe(200);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(5000);
    });
  });
}

const EXPECTED_PATTERN = 'x.x.xx.x.....xx.xxxxxxx.x.........x.x...';
