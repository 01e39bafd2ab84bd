import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../core/index.ts';
import { tracesFromJson } from '../otlp/index.ts';
import { createSpanStore, type SpanStore } from '../traces/index.ts';
import { registerJaegerApi } from './jaeger-api.ts';

const TRACE = '000000000000000000000000000000ab';
const GATEWAY = '00000000000000a1';
const CALL = '00000000000000a2';
const BACKEND = '00000000000000b1';
const OTHER = '0af7651916cd43dd8448eb211c80319c';
/** 2023-11-14T22:13:20Z in microseconds. */
const START = 1_700_000_000_000_000;
const nanos = (micros: number) => `${START + micros}123`;
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const resource = (service: string) => ({
  attributes: [text('service.name', service), text('host.name', 'h1')],
});

const REQUEST = {
  resourceSpans: [
    {
      resource: resource('service_a'),
      scopeSpans: [
        {
          scope: { name: 'http', version: '2' },
          spans: [
            {
              traceId: TRACE,
              spanId: GATEWAY,
              name: 'GET /work',
              kind: 2,
              flags: 257,
              startTimeUnixNano: nanos(0),
              endTimeUnixNano: nanos(9000),
              attributes: [
                text('http.route', '/work'),
                { key: 'http.response.status_code', value: { intValue: '502' } },
                { key: 'large', value: { intValue: '9223372036854775807' } },
                { key: 'ratio', value: { doubleValue: 0.5 } },
                { key: 'cached', value: { boolValue: false } },
                { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 1 }] } } },
              ],
              events: [
                {
                  timeUnixNano: nanos(5000),
                  name: 'exception',
                  attributes: [text('exception.type', 'Boom')],
                },
              ],
              links: [{ traceId: OTHER, spanId: BACKEND }],
              status: { code: 2, message: 'bad gateway' },
            },
            {
              traceId: TRACE,
              spanId: CALL,
              parentSpanId: GATEWAY,
              name: 'GET',
              kind: 3,
              startTimeUnixNano: nanos(100),
              endTimeUnixNano: nanos(50),
            },
          ],
        },
      ],
    },
    {
      resource: resource('service_b'),
      scopeSpans: [
        {
          spans: [
            {
              traceId: TRACE,
              spanId: BACKEND,
              parentSpanId: CALL,
              name: 'GET /compute',
              kind: 2,
              startTimeUnixNano: nanos(200),
              endTimeUnixNano: nanos(1200),
            },
            {
              traceId: OTHER,
              spanId: BACKEND,
              name: 'GET /compute',
              kind: 2,
              startTimeUnixNano: nanos(1_000_000),
              endTimeUnixNano: nanos(1_300_000),
            },
          ],
        },
      ],
    },
  ],
};

let folder: string;
let spans: SpanStore;
let app: FastifyInstance;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jaeger-'));
  spans = await createSpanStore({
    file: join(folder, 'spans.db'),
    logger: silentLogger,
    registry: new Registry(),
    retention: 86_400_000,
  });
  await spans.write(tracesFromJson(REQUEST));
  app = Fastify();
  registerJaegerApi(app, { spans, logger: silentLogger });
});
afterAll(async () => {
  await app.close();
  await spans.close();
  rmSync(folder, { recursive: true });
});

async function get(path: string) {
  const answer = await app.inject(path);
  return { status: answer.statusCode, body: answer.json() };
}
const data = async (path: string) => (await get(path)).body.data;

describe("Jaeger's legacy API", () => {
  it('lists services in its envelope', async () => {
    expect(await get('/api/services')).toEqual({
      status: 200,
      body: { data: ['service_a', 'service_b'], total: 2, limit: 0, offset: 0, errors: null },
    });
  });

  it('lists operations, with kinds and by name', async () => {
    expect(await data('/api/operations?service=service_a')).toEqual([
      { name: 'GET', spanKind: 'client' },
      { name: 'GET /work', spanKind: 'server' },
    ]);
    expect(await data('/api/operations?service=service_a&spanKind=server')).toEqual([
      { name: 'GET /work', spanKind: 'server' },
    ]);
    expect(await data('/api/services/service_a/operations')).toEqual(['GET', 'GET /work']);
  });

  it('shows a trace of two services with its tree, typed tags, logs and processes', async () => {
    const { status, body } = await get(`/api/traces/${TRACE}`);
    expect(status).toBe(200);
    const [trace] = body.data;
    expect(trace.traceID).toBe(TRACE);
    expect(trace.warnings).toBeNull();
    expect(trace.processes).toEqual({
      p1: { serviceName: 'service_a', tags: [{ key: 'host.name', type: 'string', value: 'h1' }] },
      p2: { serviceName: 'service_b', tags: [{ key: 'host.name', type: 'string', value: 'h1' }] },
    });
    const [gateway, call, backend] = trace.spans;
    expect(gateway).toEqual({
      traceID: TRACE,
      spanID: GATEWAY,
      flags: 1,
      operationName: 'GET /work',
      references: [{ refType: 'FOLLOWS_FROM', traceID: OTHER, spanID: BACKEND }],
      startTime: START,
      duration: 9000,
      tags: [
        { key: 'http.route', type: 'string', value: '/work' },
        { key: 'http.response.status_code', type: 'int64', value: 502 },
        { key: 'large', type: 'int64', value: '9223372036854775807' },
        { key: 'ratio', type: 'float64', value: 0.5 },
        { key: 'cached', type: 'bool', value: false },
        { key: 'list', type: 'string', value: '["x",1]' },
        { key: 'otel.scope.name', type: 'string', value: 'http' },
        { key: 'otel.scope.version', type: 'string', value: '2' },
        { key: 'span.kind', type: 'string', value: 'server' },
        { key: 'otel.status_code', type: 'string', value: 'ERROR' },
        { key: 'error', type: 'bool', value: true },
        { key: 'otel.status_description', type: 'string', value: 'bad gateway' },
      ],
      logs: [
        {
          timestamp: START + 5000,
          fields: [
            { key: 'event', type: 'string', value: 'exception' },
            { key: 'exception.type', type: 'string', value: 'Boom' },
          ],
        },
      ],
      processID: 'p1',
      warnings: null,
    });
    expect(call.references).toEqual([{ refType: 'CHILD_OF', traceID: TRACE, spanID: GATEWAY }]);
    expect([call.duration, call.warnings]).toEqual([0, ['the span ends before it starts']]);
    expect(backend.references).toEqual([{ refType: 'CHILD_OF', traceID: TRACE, spanID: CALL }]);
    expect(backend.processID).toBe('p2');
  });

  it('takes a shortened trace id', async () => {
    expect((await data('/api/traces/ab'))[0].traceID).toBe(TRACE);
  });

  it.each([
    ['service=service_b', [OTHER, TRACE]],
    ['service=service_b&limit=1', [OTHER]],
    ['service=service_a', [TRACE]],
    ['service=service_b&minDuration=100ms', [OTHER]],
    ['service=service_b&maxDuration=1ms', [TRACE]],
    ['service=service_b&operation=nothing', []],
    [`service=service_b&start=${START + 500_000}`, [OTHER]],
    [`service=service_b&start=${START}&end=${START + 500_000}`, [TRACE]],
    ['service=service_a&tag=error:true', [TRACE]],
    ['service=service_a&tag=http.response.status_code:502&tag=host.name:h1', [TRACE]],
    [`service=service_a&tags=${encodeURIComponent('{"exception.type":"Boom"}')}`, [TRACE]],
    ['service=service_a&tag=error:false', []],
    ['service=unknown', []],
    [`traceID=${OTHER}&traceID=ab&traceID=77`, [OTHER, TRACE]],
  ])('finds for %s the right traces', async (query, expected) => {
    const found = await data(`/api/traces?${query}`);
    expect(found.map((trace: { traceID: string }) => trace.traceID)).toEqual(expected);
  });

  it.each([
    ['/api/traces', "parameter 'service' is required"],
    ['/api/operations', "parameter 'service' is required"],
    ['/api/operations?service=a&spanKind=odd', "unable to parse param 'spanKind'"],
    ['/api/traces?service=a&start=yesterday', "unable to parse param 'start'"],
    ['/api/traces?service=a&limit=0', "unable to parse param 'limit': must be 1 to 1500"],
    ['/api/traces?service=a&minDuration=5', "unable to parse param 'minDuration'"],
    [
      '/api/traces?service=a&minDuration=2s&maxDuration=1s',
      "'maxDuration': must not be less than 'minDuration'",
    ],
    ['/api/traces?service=a&tag=nocolon', "unable to parse param 'tag'"],
    ['/api/traces?service=a&tags=%7B', "unable to parse param 'tags': not JSON"],
    ['/api/traces?service=a&tags=%7B%22a%22%3A1%7D', 'values must be strings'],
    ['/api/traces/xyz', 'is not a trace id'],
  ])('answers 400 with the reason to %s', async (path, reason) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body).toMatchObject({ data: null, errors: [{ code: 400, msg: expect.stringContaining(reason) }] });
  });

  it('answers 404 for a trace that is not stored, and 501 for dependencies', async () => {
    expect(await get('/api/traces/77')).toMatchObject({
      status: 404,
      body: { errors: [{ code: 404, msg: 'trace not found' }] },
    });
    expect(await get('/api/dependencies?endTs=1')).toMatchObject({
      status: 501,
      body: { errors: [{ code: 501, msg: 'dependencies between services are not computed' }] },
    });
  });
});

describe("Jaeger's v3 API", () => {
  const CAMEL = 'query.startTimeMin=2023-11-14T22:13:20Z&query.startTimeMax=2023-11-14T23:13:20.5%2B00:00';
  const SNAKE = 'query.start_time_min=2023-11-14T22:13:20Z&query.start_time_max=2023-11-14T23:13:20Z';

  it('lists services and operations, with either spelling of the kind', async () => {
    expect((await get('/api/v3/services')).body).toEqual({ services: ['service_a', 'service_b'] });
    for (const name of ['spanKind', 'span_kind'])
      expect((await get(`/api/v3/operations?service=service_a&${name}=SERVER`)).body).toEqual({
        operations: [{ name: 'GET /work', spanKind: 'server' }],
      });
  });

  it('gives a trace as OTLP JSON that reads back as what was sent', async () => {
    const { body } = await get(`/api/v3/traces/${TRACE}`);
    const sent = tracesFromJson(REQUEST);
    const backend = sent[1]!.scopeSpans[0]!;
    expect(tracesFromJson(body.result)).toEqual([
      sent[0],
      { ...sent[1], scopeSpans: [{ ...backend, spans: [backend.spans[0]] }] },
    ]);
    expect(body.result.resourceSpans[0].scopeSpans[0].spans[0]).toMatchObject({
      traceId: TRACE,
      startTimeUnixNano: nanos(0),
      kind: 2,
    });
  });

  it.each([
    [`${CAMEL}&query.serviceName=service_b&query.durationMin=100ms`, [OTHER]],
    [`${SNAKE}&query.service_name=service_b&query.duration_min=100ms`, [OTHER]],
    [`${CAMEL}&query.serviceName=service_b&query.searchDepth=1`, [OTHER]],
    [`${SNAKE}&query.service_name=service_b&query.num_traces=1`, [OTHER]],
    [`${CAMEL}&query.operationName=GET%20/work`, [TRACE]],
    [`${CAMEL}&query.attributes=${encodeURIComponent('{"http.route":"/work"}')}`, [TRACE]],
  ])('finds for %s the right traces', async (query, expected) => {
    const { body } = await get(`/api/v3/traces?${query}`);
    const ids = tracesFromJson(body.result).flatMap(group =>
      group.scopeSpans.flatMap(scoped => scoped.spans.map(span => span.traceId)),
    );
    expect([...new Set(ids)]).toEqual(expected);
  });

  it.each([
    [404, `/api/v3/traces?${CAMEL}&query.serviceName=unknown`, 'No traces found'],
    [404, '/api/v3/traces/77', 'No traces found'],
    [400, '/api/v3/traces/nonsense', 'is not a trace id'],
    [400, '/api/v3/traces?query.serviceName=a', "parameter 'query.startTimeMin' is required"],
    [400, '/api/v3/traces?query.startTimeMin=1&query.startTimeMax=2', 'is not an RFC 3339 time'],
    [400, '/api/v3/operations', "parameter 'service' is required"],
  ])('answers %i to %s in its own shape', async (status, path, message) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: { httpCode: status, message: expect.stringContaining(message) } });
  });
});
