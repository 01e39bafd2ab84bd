import { context, propagation, trace } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import Fastify from 'fastify';
import promClient, { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { registerTelemetryMetrics } from './prometheus.ts';
import { startTelemetry, telemetryMetrics } from './start.ts';

/** An exporter whose answers the test gives. */
function createHeldExporter() {
  const spans: ReadableSpan[] = [];
  const answers: ((result: ExportResult) => void)[] = [];
  const exporter: SpanExporter = {
    export(batch, done) {
      spans.push(...batch);
      answers.push(done);
    },
    shutdown: async () => {},
  };
  return { exporter, spans, answers };
}

const makeSpans = (count: number) => {
  for (let i = 0; i < count; i += 1) trace.getTracer('test').startSpan(`span ${i}`).end();
};

/** One process has one provider, so the life of telemetry is told in order. */
describe('telemetry', () => {
  const { exporter, spans, answers } = createHeldExporter();
  const lines: { level: string; message: string; fields: object }[] = [];
  const log = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields });
  };

  it('says that it was not started, instead of counting nothing in silence', async () => {
    expect(telemetryMetrics().problems.map(problem => problem.kind)).toEqual(['not_started']);
    const registry = new Registry();
    registerTelemetryMetrics(promClient, registry);
    expect(await registry.metrics()).toContain('otel_telemetry_problem{kind="not_started"} 1');
  });

  it('is the global provider, keeps the name of the service and the default attributes', async () => {
    const telemetry = await startTelemetry({
      serviceName: 'shop',
      exporter,
      env: {
        OTEL_BSP_MAX_QUEUE_SIZE: '4',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
        OTEL_BSP_SCHEDULE_DELAY: '10',
      },
      logger: { info: log('info'), warn: log('warn'), error: log('error') },
    });
    expect(telemetry.problems()).toEqual([]);
    expect(await startTelemetry({ serviceName: 'another' })).toBe(telemetry);
    makeSpans(2);
    await expect.poll(() => spans.length).toBe(2);
    expect(spans[0]?.resource.attributes).toMatchObject({
      'service.name': 'shop',
      'telemetry.sdk.language': 'nodejs',
    });
  });

  it('counts what the queue has no room for, and warns once', () => {
    // Two are with the exporter, which has not answered; four fit into the queue.
    makeSpans(9);
    const { counts } = telemetryMetrics();
    expect(counts).toMatchObject({ started: 11, ended: 11, queued: 4, inFlight: 2 });
    expect(counts.lost.queue_full).toBe(5);
    expect(lines.filter(line => line.message.includes('queue is full'))).toHaveLength(1);
  });

  it('counts what the collector took and what it did not', async () => {
    answers[0]?.({ code: ExportResultCode.SUCCESS });
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.({ code: ExportResultCode.FAILED, error: new Error('connection refused') });
    await expect.poll(() => answers.length).toBe(3);
    const { counts } = telemetryMetrics();
    expect(counts).toMatchObject({ exported: 2, inFlight: 2, queued: 0 });
    expect(counts.lost.export_failed).toBe(2);
    expect(lines.filter(line => line.message.includes('did not take'))).toHaveLength(1);
  });

  it('gives a server span its route and the parent that the caller sent', async () => {
    const app = Fastify();
    app.get('/items/:id', async () => trace.getSpanContext(context.active()) ?? null);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await app.inject({ url: '/items/7', headers: { traceparent } });
    expect(answer.json().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(propagation.fields()).toContain('traceparent');
    answers[2]?.({ code: ExportResultCode.SUCCESS });
    await expect.poll(() => spans.find(span => span.name === 'GET /items/:id')).toBeDefined();
    const span = spans.find(candidate => candidate.name === 'GET /items/:id');
    expect(span?.attributes['http.route']).toBe('/items/:id');
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  it('ends within the bound though the collector hangs, and counts what was not sent', async () => {
    makeSpans(1);
    const telemetry = await startTelemetry();
    const started = performance.now();
    const counts = await telemetry.shutdown(100);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(counts.lost.unflushed).toBe(2);
    const lost = Object.values(counts.lost).reduce((sum, spans) => sum + spans, 0);
    expect(counts.exported + lost).toBe(counts.ended);
    makeSpans(1);
    expect(telemetry.counts().lost.after_shutdown).toBe(1);
  });
});
