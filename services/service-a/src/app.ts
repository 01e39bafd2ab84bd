import { registerTelemetryMetrics } from '@slo-guard/telemetry';
import {
  createMetricsRegistry,
  createServiceApp,
  registerMetricsRoute,
  type ServiceAppOptions,
} from '@slo-guard/telemetry/service';
import type { FastifyInstance } from 'fastify';
import promClient from 'prom-client';
import { createBackendClient } from './backend.ts';
import { createGatewayMetrics } from './metrics.ts';

export interface GatewayOptions extends Omit<ServiceAppOptions, 'name'> {
  readonly backendUrl: string;
}

/** What the gateway gives the backend, as the original does. */
const BACKEND_TIMEOUT_MS = 500;

const FAILURES = {
  error: { status: 502, error: 'backend_error' },
  timeout: { status: 504, error: 'backend_timeout' },
} as const;

/**
 * The gateway: `/work` composes the backend's answer, and says 502 or 504 when there is none.
 * @throws {Error} when `backendUrl` is not an http address
 */
export function createGateway(options: GatewayOptions): FastifyInstance {
  const registry = createMetricsRegistry();
  const metrics = createGatewayMetrics(registry);
  registerTelemetryMetrics(promClient, registry);
  const backend = createBackendClient(options.backendUrl, BACKEND_TIMEOUT_MS);
  const app = createServiceApp({ ...options, name: 'service_a' });
  app.addHook('onClose', () => backend.close());
  registerMetricsRoute(app, registry);
  app.get(
    '/work',
    {
      // Counted where the answer is ready, so that a client which gave up does not turn a failure into a success.
      onSend: async (_request, reply) => metrics.request(reply.statusCode < 500, reply.elapsedTime / 1000),
    },
    async (request, reply) => {
      const result = await backend.compute();
      metrics.call(result.outcome);
      if (result.outcome === 'success') return { service: 'service_a', backend: result.body };
      const { status, error } = FAILURES[result.outcome];
      request.log.warn({ dependency: 'service_b', reason: result.reason }, 'backend call failed');
      return reply.code(status).send({ error, message: result.reason });
    },
  );
  return app;
}
