import type { FastifyInstance } from 'fastify';
import { type OpenMetricsContentType, Registry } from 'prom-client';

/** Whether an Accept header prefers OpenMetrics over the text format, by its q values; equal goes to OpenMetrics. */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  let open = 0;
  let plain = 0;
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase());
    const q = Number(parameters.find(parameter => parameter.startsWith('q='))?.slice(2) ?? '1') || 0;
    const version = parameters.find(parameter => parameter.startsWith('version='));
    if (type === 'application/openmetrics-text' && (version === undefined || version === 'version=1.0.0')) {
      open = Math.max(open, q);
    } else if (type === 'text/plain') plain = Math.max(plain, q);
  }
  return open > 0 && open >= plain;
}

/** A registry whose metrics may carry exemplars, which prom-client allows on OpenMetrics registries alone. */
export function createMetricsRegistry(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/**
 * Renders in either format. prom-client renames a counter in place when it renders OpenMetrics (`_total` is taken
 * off), which would spoil the text format of the next scrape: so it is given objects that stand before the metrics.
 */
async function render(registry: Registry<OpenMetricsContentType>, openMetrics: boolean) {
  const view = openMetrics ? createMetricsRegistry() : new Registry();
  for (const metric of registry.getMetricsAsArray()) view.registerMetric(Object.create(metric));
  return { contentType: view.contentType, text: await view.metrics() };
}

/** `GET /metrics` in text 0.0.4 or, where the Accept header prefers it, OpenMetrics 1.0 with exemplars. Not traced. */
export function registerMetricsRoute(app: FastifyInstance, registry: Registry<OpenMetricsContentType>): void {
  app.get('/metrics', { config: { otel: false }, logLevel: 'warn' }, async (request, reply) => {
    const { contentType, text } = await render(registry, prefersOpenMetrics(request.headers.accept));
    reply.header('content-type', contentType).header('vary', 'accept');
    return text;
  });
}
