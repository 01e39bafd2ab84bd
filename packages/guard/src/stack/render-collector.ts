import { generatedHeader, toYaml } from '../generate/index.ts';
import type { Stack } from './model.ts';
import { COLLECTOR_HEALTH_PORT, COLLECTOR_METRICS_PORT, COMPOSE_HOSTS } from './render-target.ts';

/** Jaeger's own OTLP port; 14250, its older protocol, takes connections and delivers nothing. */
const JAEGER_OTLP_PORT = 4317;

/** The OpenTelemetry Collector's configuration in compose: traces over OTLP, limited, batched, to Jaeger. */
export function renderCollectorConfig({ ports }: Stack, sources: readonly string[] = ['stack.yaml']): string {
  const config = {
    extensions: { health_check: { endpoint: `0.0.0.0:${COLLECTOR_HEALTH_PORT}` } },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `0.0.0.0:${ports.otlp_grpc}` },
          http: { endpoint: `0.0.0.0:${ports.otlp_http}` },
        },
      },
    },
    processors: {
      memory_limiter: { check_interval: '1s', limit_mib: 192, spike_limit_mib: 48 },
      batch: { timeout: '1s' },
    },
    exporters: {
      'otlp_grpc/jaeger': {
        endpoint: `${COMPOSE_HOSTS.jaeger}:${JAEGER_OTLP_PORT}`,
        tls: { insecure: true },
        // In memory: spans wait for a store that is away, and are gone when the Collector is killed.
        retry_on_failure: { enabled: true, max_elapsed_time: '5m' },
        sending_queue: { enabled: true, queue_size: 1000 },
      },
    },
    service: {
      extensions: ['health_check'],
      telemetry: {
        metrics: {
          readers: [
            { pull: { exporter: { prometheus: { host: '0.0.0.0', port: COLLECTOR_METRICS_PORT } } } },
          ],
        },
      },
      pipelines: {
        traces: {
          receivers: ['otlp'],
          // The limiter goes first: it must refuse before anything is held.
          processors: ['memory_limiter', 'batch'],
          exporters: ['otlp_grpc/jaeger'],
        },
      },
    },
  };
  return `${generatedHeader(sources)}${toYaml(config)}`;
}
