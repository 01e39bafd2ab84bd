import type { StackProcess } from './model.ts';

/**
 * Where a configuration is to run: beside the guard's own process, in compose's network of containers, or in the
 * guard's container there.
 */
export type RenderTarget = 'embedded' | 'compose' | 'compose-guard';

/** `host:port` of a process as seen from there. Containers keep the ports of stack.yaml. */
export const addressOf = ({ host, composeHost, port }: StackProcess, target: RenderTarget): string =>
  `${target === 'embedded' ? host : composeHost}:${port}`;

/** The containers of compose that stand for the guard's own parts. */
export const COMPOSE_HOSTS = {
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  collector: 'otel-collector',
  jaeger: 'jaeger',
} as const;

/** Where the collector's container tells its own metrics. */
export const COLLECTOR_METRICS_PORT = 8888;
/** Where the collector's container tells its health. */
export const COLLECTOR_HEALTH_PORT = 13_133;
