import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
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
import { createOtlpGrpcServer } from './otlp-grpc.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: { ingest?: Ingest; limits?: Partial<OtlpLimits> } = {}) {
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
  const server = createOtlpGrpcServer({ receiver, metrics, logger: silentLogger });
  const port = await server.listen('127.0.0.1', 0);
  closing.push(() => server.close());
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': 0,
  });
  closing.push(() => client.close());
  const call = (service: string, body: Uint8Array, metadata = new Metadata()) =>
    new Promise<Buffer>((resolve, reject) => {
      const same = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(
        `/opentelemetry.proto.collector.${service}/Export`,
        same,
        same,
        Buffer.from(body),
        metadata,
        (error, answer) => (error ? reject(error) : resolve(answer!)),
      );
    });
  const refusal = (service: string, body: Uint8Array) =>
    call(service, body).then(
      () => {
        throw new Error('was not refused');
      },
      (error: ServiceError) => error,
    );
  return { port, registry, taken, store, call, refusal };
}

const TRACES = 'trace.v1.TraceService';

function sdkSpans(names: readonly string[]): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  for (const name of names) provider.getTracer('t').startSpan(name).end();
  return exporter.getFinishedSpans();
}
const encoded = (...names: string[]) => ProtobufTraceSerializer.serializeRequest(sdkSpans(names))!;
const namesOf = (taken: readonly ResourceSpans[]) =>
  taken.flatMap(group => group.scopeSpans.flatMap(({ spans }) => spans.map(span => span.name)));

describe('OTLP over gRPC', () => {
  it.each(['none', 'gzip'])(
    "takes what OpenTelemetry's exporter sends with compression %s",
    async compression => {
      const { port, taken, registry } = await start();
      const exporter = new OTLPTraceExporter({
        url: `http://127.0.0.1:${port}`,
        compression: compression as never,
      });
      const provider = new TracerProvider({
        resource: resourceFromAttributes({ 'service.name': 'sender' }),
        spanProcessors: [new SimpleSpanProcessor({ exporter })],
      });
      provider.getTracer('t').startSpan('sent').end();
      await provider.forceFlush();
      await provider.shutdown();
      expect(namesOf(taken)).toEqual(['sent']);
      expect(await registry.metrics()).toContain(
        'otelcol_receiver_accepted_spans_total{receiver="otlp",transport="grpc"} 1',
      );
    },
  );

  it('answers full success with an empty message', async () => {
    const { call } = await start();
    expect(await call(TRACES, encoded('a'))).toHaveLength(0);
    expect(await call(TRACES, new Uint8Array())).toHaveLength(0);
  });

  it('answers INVALID_ARGUMENT with the reason to garbage', async () => {
    const { refusal } = await start();
    const error = await refusal(TRACES, Uint8Array.of(10, 200, 1));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toContain('goes beyond the request');
  });

  it('answers RESOURCE_EXHAUSTED with RetryInfo when the store is overloaded', async () => {
    const { refusal } = await start({
      ingest: async () => {
        throw new IngestRefused('overloaded', 'queue is full', 1500);
      },
    });
    const error = await refusal(TRACES, encoded('a'));
    expect([error.code, error.details]).toEqual([status.RESOURCE_EXHAUSTED, 'queue is full']);
    const [details] = error.metadata.get('grpc-status-details-bin');
    expect((details as Buffer).toString('latin1')).toContain('google.rpc.RetryInfo');
  });

  it('answers UNAVAILABLE when spans cannot be stored', async () => {
    const { refusal, registry } = await start({
      ingest: async () => {
        throw new IngestRefused('unavailable', 'disk is full', 5000);
      },
    });
    expect((await refusal(TRACES, encoded('a'))).code).toBe(status.UNAVAILABLE);
    expect(await registry.metrics()).toContain(
      'otelcol_receiver_refused_spans_total{receiver="otlp",transport="grpc"} 1',
    );
  });

  it('answers UNAVAILABLE, without the cause, when handing on fails unexpectedly', async () => {
    const { refusal } = await start({
      ingest: async () => {
        throw new Error('secret');
      },
    });
    const error = await refusal(TRACES, encoded('a'));
    expect([error.code, error.details]).toEqual([status.UNAVAILABLE, 'spans could not be handed on']);
  });

  it('answers RESOURCE_EXHAUSTED without RetryInfo to what is too large, so that it is not sent again', async () => {
    const { refusal } = await start({ limits: { maxRequestBytes: 2000, maxSpansPerRequest: 2 } });
    const many = await refusal(TRACES, encoded('a', 'b', 'c'));
    expect(many.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(many.details).toContain('maxSpansPerRequest is 2');
    expect(many.metadata.get('grpc-status-details-bin')).toEqual([]);
    const large = await refusal(TRACES, encoded('x'.repeat(5000)));
    expect(large.code).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('answers UNIMPLEMENTED with a reason for logs', async () => {
    const { refusal } = await start();
    const error = await refusal('logs.v1.LogsService', new Uint8Array());
    expect(error.code).toBe(status.UNIMPLEMENTED);
    expect(error.details).toContain('logs are not taken');
  });

  it('takes metrics, and refuses what is none', async () => {
    const { call, refusal, store } = await start();
    const metrics = 'metrics.v1.MetricsService';
    expect(await call(metrics, metricsRequest('queue.size', EPOCH, 7))).toHaveLength(0);
    expect(contentOf(store)).toEqual({ queue_size: [[EPOCH, 7]] });
    const error = await refusal(metrics, Buffer.from('no protobuf'));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
  });

  it('lets a running call end when it closes', async () => {
    let store = () => {};
    const { call } = await start({ ingest: () => new Promise(resolve => (store = resolve)) });
    const answer = call(TRACES, encoded('a'));
    await new Promise(resolve => setTimeout(resolve, 100));
    const client = closing.pop()!;
    const closed = closing.pop()!();
    store();
    expect(await answer).toHaveLength(0);
    client();
    await closed;
  });

  it('says which address it cannot listen on', async () => {
    const { port } = await start();
    const receiver = createTraceReceiver({
      ingest: async () => {},
      logger: silentLogger,
      registry: new Registry(),
    });
    const metrics = testMetricsReceiver(openTestStore(), EPOCH);
    const second = createOtlpGrpcServer({ receiver, metrics, logger: silentLogger });
    await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'listen-failed' });
    await second.close();
  });
});
