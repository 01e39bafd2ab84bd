import {
  type AdminGuardOptions,
  createInjectionCounter,
  type FaultClock,
  registerFaults,
} from '@slo-guard/faults';
import { registerTelemetryMetrics } from '@slo-guard/telemetry';
import {
  createMetricsRegistry,
  createServiceApp,
  registerMetricsRoute,
  type ServiceAppOptions,
} from '@slo-guard/telemetry/service';
import type { FastifyInstance } from 'fastify';
import promClient from 'prom-client';
import { createRequestMetrics } from './metrics.ts';

export interface BackendOptions extends Omit<ServiceAppOptions, 'name'> {
  readonly guard: AdminGuardOptions;
  readonly faultSeed?: string;
  readonly clock?: FaultClock;
}

/** The sum of the squares up to `n`: stands for work. */
function sumOfSquares(n: number): number {
  let sum = 0;
  for (let i = 1; i <= n; i += 1) sum += i * i;
  return sum;
}

/** The backend: `/compute`, which can be made to fail on purpose, and `/healthz`, `/metrics`, `/admin/*`. */
export function createBackend(options: BackendOptions): FastifyInstance {
  const registry = createMetricsRegistry();
  const metrics = createRequestMetrics(registry);
  registerTelemetryMetrics(promClient, registry);
  const app = createServiceApp({ ...options, name: 'service_b' });
  registerFaults(app, {
    routes: ['/compute'],
    guard: options.guard,
    injections: createInjectionCounter(registry),
    ...(options.faultSeed === undefined ? {} : { seed: options.faultSeed }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  registerMetricsRoute(app, registry);
  app.get(
    '/compute',
    {
      // Counted where the answer is ready, so that a client which gave up does not turn a failure into a success.
      onSend: async (_request, reply) => metrics.observe(reply.statusCode < 500, reply.elapsedTime / 1000),
    },
    async () => ({ service: 'service_b', result: sumOfSquares(1000) }),
  );
  return app;
}
