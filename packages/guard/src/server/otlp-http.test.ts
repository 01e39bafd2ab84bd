import { gzipSync, zstdCompressSync } from 'node:zlib';
import { SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as HttpJsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as HttpProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../core/index.ts';
import {
  createTraceReceiver,
  type Ingest,
  IngestRefused,
  type OtlpLimits,
  type ResourceSpans,
} from '../otlp/index.ts';
import { metricsRequest, testMetricsReceiver } from '../otlp-metrics/testing.ts';
import { contentOf, EPOCH, openTestStore } from '../tsdb/testing.ts';
import { createOtlpHttpServer, listenOtlpHttp } from './otlp-http.ts';

const servers: FastifyInstance[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

function start(options: { ingest?: Ingest; limits?: Partial<OtlpLimits>; maxBytesInFlight?: number } = {}) {
  const taken: ResourceSpans[] = [];
  const registry = new Registry();
  const ingest: Ingest =
    options.ingest ??
    (async spans => {
      taken.push(...spans);
    });
  const receiver = createTraceReceiver({ ingest, logger: silentLogger, registry, ...options });
  const store = openTestStore();
  const metrics = testMetricsReceiver(store, EPOCH);
  const app = createOtlpHttpServer({ receiver, metrics, logger: silentLogger, ...options });
  servers.push(app);
  const spanNames = () =>
    taken.flatMap(group => group.scopeSpans.flatMap(({ spans }) => spans.map(s => s.name)));
  return { app, registry, taken, spanNames, store };
}

const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const request = (...spans: object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const post = (app: FastifyInstance, payload: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/traces',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
const countOf = async (registry: Registry, name: string) =>
  (await registry.getSingleMetric(name)!.get()).values.find(value => value.labels.transport === 'http')!
    .value;

describe('OTLP over HTTP', () => {
  it.each([
    ['protobuf', (url: string): SpanExporter => new HttpProtobufExporter({ url })],
    ['JSON', (url: string): SpanExporter => new HttpJsonExporter({ url })],
    [
      'gzipped protobuf',
      (url: string): SpanExporter => new HttpProtobufExporter({ url, compression: 'gzip' as never }),
    ],
  ])("takes what OpenTelemetry's exporter sends as %s", async (_encoding, exporterFor) => {
    const { app, spanNames, taken, registry } = start();
    const port = await listenOtlpHttp(app, '127.0.0.1', 0);
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'sender' }),
      spanProcessors: [
        new SimpleSpanProcessor({ exporter: exporterFor(`http://127.0.0.1:${port}/v1/traces`) }),
      ],
    });
    provider.getTracer('t').startSpan('sent', { kind: SpanKind.CLIENT }).end();
    await provider.forceFlush();
    await provider.shutdown();
    expect(spanNames()).toEqual(['sent']);
    expect(taken[0]!.scopeSpans[0]!.spans[0]!.kind).toBe(3);
    expect(await countOf(registry, 'otelcol_receiver_accepted_spans_total')).toBe(1);
    trace.disable();
  });

  it('answers full success with partial success unset, in the encoding of the request', async () => {
    const { app } = start();
    const json = await post(app, JSON.stringify(request(IDS)));
    expect([json.statusCode, json.headers['content-type'], json.body]).toEqual([
      200,
      'application/json',
      '{}',
    ]);
    const protobuf = await post(app, Buffer.alloc(0), { 'content-type': 'application/x-protobuf' });
    expect([protobuf.statusCode, protobuf.headers['content-type'], protobuf.rawPayload.length]).toEqual([
      200,
      'application/x-protobuf',
      0,
    ]);
  });

  it('answers what it rejected for good as partial success, and counts it', async () => {
    const { app, spanNames, registry } = start();
    const answer = await post(
      app,
      JSON.stringify(request({ ...IDS, name: 'good' }, { ...IDS, traceId: '' })),
    );
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: 'a span has no trace id' },
    });
    expect(spanNames()).toEqual(['good']);
    expect(await countOf(registry, 'otelcol_receiver_refused_spans_total')).toBe(1);
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('takes bodies compressed with %s', async (coding, compress) => {
    const { app, spanNames } = start();
    const body = compress(Buffer.from(JSON.stringify(request({ ...IDS, name: 'small' }))));
    expect((await post(app, body, { 'content-encoding': coding })).statusCode).toBe(200);
    expect(spanNames()).toEqual(['small']);
  });

  it('does not answer before the spans are safe', async () => {
    let store = () => {};
    const { app } = start({ ingest: () => new Promise(resolve => (store = resolve)) });
    let answered = false;
    const answer = post(app, JSON.stringify(request(IDS))).then(response => {
      answered = true;
      return response;
    });
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    store();
    expect((await answer).statusCode).toBe(200);
  });

  const big = JSON.stringify(request({ ...IDS, name: 'x'.repeat(2000) }));
  it.each([
    [400, 3, 'garbage', '{"resourceSpans":7}', {}, 'resourceSpans: must be an array'],
    [400, 3, 'a broken gzip', 'nonsense', { 'content-encoding': 'gzip' }, 'not valid gzip'],
    [413, 8, 'a large body', big, {}, 'maxRequestBytes'],
    [413, 8, 'a body that grows', gzipSync(big), { 'content-encoding': 'gzip' }, 'maxRequestBytes'],
    [413, 8, 'too many spans', JSON.stringify(request({}, {}, {})), {}, 'maxSpansPerRequest is 2'],
    [415, 3, 'another content type', 'x', { 'content-type': 'text/plain' }, 'application/x-protobuf'],
    [415, 3, 'another coding', 'x', { 'content-encoding': 'br' }, 'content encoding "br" is not supported'],
  ])(
    'answers %i with a google.rpc.Status of code %i to %s',
    async (status, code, _what, body, headers, reason) => {
      const { app, registry } = start({ limits: { maxRequestBytes: 1000, maxSpansPerRequest: 2 } });
      const answer = await post(app, body, headers as Record<string, string>);
      expect(answer.statusCode).toBe(status);
      expect(answer.json()).toMatchObject({ code, message: expect.stringContaining(reason) });
      expect(await countOf(registry, 'slo_guard_otlp_refused_requests_total')).toBe(1);
    },
  );

  it('answers errors to protobuf in protobuf', async () => {
    const { app } = start();
    const answer = await post(app, Buffer.from([1, 2, 3]), { 'content-type': 'application/x-protobuf' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'application/x-protobuf']);
    expect(answer.rawPayload.subarray(0, 2)).toEqual(Buffer.from([8, 3]));
  });

  it.each([
    [429, 'overloaded', 8, '2'],
    [503, 'unavailable', 14, '2'],
  ] as const)(
    'answers %i with Retry-After when the store is %s',
    async (status, reason, code, retryAfter) => {
      const { app, registry } = start({
        ingest: async () => {
          throw new IngestRefused(reason, 'not now', 1500);
        },
      });
      const answer = await post(app, JSON.stringify(request(IDS)));
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['retry-after']).toBe(retryAfter);
      expect(answer.json()).toEqual({ code, message: 'not now' });
      expect(await countOf(registry, 'otelcol_receiver_refused_spans_total')).toBe(1);
      expect(await countOf(registry, 'otelcol_receiver_accepted_spans_total')).toBe(0);
    },
  );

  it('asks large requests to come back when too many are read at once', async () => {
    let store = () => {};
    const { app } = start({ maxBytesInFlight: 150, ingest: () => new Promise(resolve => (store = resolve)) });
    const body = JSON.stringify(request(IDS));
    const first = post(app, body);
    await new Promise(resolve => setTimeout(resolve, 30));
    const second = await post(app, body);
    expect([second.statusCode, second.headers['retry-after']]).toEqual([503, '1']);
    store();
    expect((await first).statusCode).toBe(200);
    const third = post(app, body);
    await new Promise(resolve => setTimeout(resolve, 30));
    store();
    expect((await third).statusCode).toBe(200);
  });

  it('refuses logs with 501 and a reason, in kind', async () => {
    const { app } = start();
    const url = '/v1/logs';
    const json = await app.inject({ method: 'POST', url, payload: {} });
    expect([json.statusCode, json.json().code]).toEqual([501, 12]);
    expect(json.json().message).toContain('logs are not taken');
    const payload = Buffer.from(ProtobufTraceSerializer.serializeRequest([])!);
    const headers = { 'content-type': 'application/x-protobuf' };
    const protobuf = await app.inject({ method: 'POST', url, payload, headers });
    expect([protobuf.statusCode, protobuf.headers['content-type']]).toEqual([501, 'application/x-protobuf']);
  });

  it('takes metrics, and tells in JSON what it cannot store', async () => {
    const { app, store } = start();
    const send = (payload: Buffer | object, type: string) =>
      app.inject({ method: 'POST', url: '/v1/metrics', payload, headers: { 'content-type': type } });
    const taken = await send(gzipSync(metricsRequest('queue.size', EPOCH, 7)), 'application/x-protobuf');
    expect(taken.statusCode).toBe(400);
    const plain = await send(metricsRequest('queue.size', EPOCH, 7), 'application/x-protobuf');
    expect([plain.statusCode, plain.rawPayload.length]).toEqual([200, 0]);
    expect(contentOf(store)).toEqual({ queue_size: [[EPOCH, 7]] });
    const delta = { name: 'd', sum: { aggregationTemporality: 1, dataPoints: [{ asInt: 1 }, { asInt: 2 }] } };
    const refused = await send(
      { resourceMetrics: [{ scopeMetrics: [{ metrics: [delta] }] }] },
      'application/json',
    );
    expect(refused.json()).toEqual({
      partialSuccess: {
        rejectedDataPoints: '2',
        errorMessage: 'invalid temporality and type combination for metric "d"',
      },
    });
    expect((await app.inject('/v1/metrics')).statusCode).toBe(405);
  });

  it('answers 404 to other paths and 405 to GET', async () => {
    const { app } = start();
    expect((await app.inject('/v2/traces')).statusCode).toBe(404);
    expect((await app.inject('/v1/traces')).statusCode).toBe(405);
  });
});
