import { describe, expect, it } from 'vitest';
import { readTelemetryConfig, TelemetryConfigError } from './config.ts';

describe('telemetry configuration', () => {
  it('has the defaults of the specification when nothing is set', () => {
    expect(readTelemetryConfig({ OTEL_SERVICE_NAME: '' })).toEqual({
      disabled: false,
      exporter: 'otlp',
      protocol: 'http/protobuf',
      sampler: 'parentbased_always_on',
      samplerRatio: 1,
      propagators: ['tracecontext', 'baggage'],
      batch: { scheduleDelayMs: 5000, exportTimeoutMs: 30_000, maxQueueSize: 2048, maxExportBatchSize: 512 },
    });
  });

  it('prefers the variable of the signal over the general one', () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' };
    expect(readTelemetryConfig(env).protocol).toBe('grpc');
  });

  it('never lets a batch be larger than the queue', () => {
    expect(readTelemetryConfig({ OTEL_BSP_MAX_QUEUE_SIZE: '100' }).batch.maxExportBatchSize).toBe(100);
  });

  it.each([
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'http/json',
      /http\/json is not supported; use one of grpc, http\/protobuf/,
    ],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', /OTEL_TRACES_SAMPLER=jaeger_remote is not supported/],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', /must be a number from 0 to 1/],
    ['OTEL_BSP_MAX_QUEUE_SIZE', 'many', /must be a whole number/],
    ['OTEL_PROPAGATORS', 'tracecontext,b3', /b3 is not supported/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318', /is not an http:\/\/ or https:\/\/ address/],
  ])('refuses %s=%s by name', (name, value, message) => {
    expect(() => readTelemetryConfig({ [name]: value })).toThrow(message);
    expect(() => readTelemetryConfig({ [name]: value })).toThrow(TelemetryConfigError);
  });
});
