import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { OtlpProtocol, Propagator, SamplerName, TelemetryConfig } from './config.ts';

/** Loads the one exporter in use: the other costs memory and start time for nothing. */
export async function loadExporter(protocol: OtlpProtocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'grpc'
      ? await import('@opentelemetry/exporter-trace-otlp-grpc')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/**
 * The SDK's default attributes, then what the caller gave, then the environment, each over the one before: a
 * resource passed alone would lose service.name.
 */
export function buildResource(serviceName: string | undefined): Resource {
  const given = serviceName === undefined ? {} : { [ATTR_SERVICE_NAME]: serviceName };
  return defaultResource()
    .merge(resourceFromAttributes(given))
    .merge(detectResources({ detectors: [envDetector] }));
}

export function buildSampler(config: TelemetryConfig): Sampler {
  const roots: Record<SamplerName, () => Sampler> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(config.samplerRatio),
    parentbased_always_on: () => new ParentBasedSampler({ root: roots.always_on() }),
    parentbased_always_off: () => new ParentBasedSampler({ root: roots.always_off() }),
    parentbased_traceidratio: () => new ParentBasedSampler({ root: roots.traceidratio() }),
  };
  return roots[config.sampler]();
}

const PROPAGATORS: Record<Propagator, () => TextMapPropagator> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
};

export function buildPropagator(names: readonly Propagator[]): TextMapPropagator {
  return new CompositePropagator({ propagators: names.map(name => PROPAGATORS[name]()) });
}
