import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { registerAdminApi } from './admin-api.ts';
import { createOriginPolicy, registerCors } from './cors.ts';
import { exemplarRange, exemplarsText } from './exemplars-view.ts';
import { registerFederate } from './federate-route.ts';
import type { GuardParts } from './guard-parts.ts';
import { createHttpApp } from './http-app.ts';
import { registerConsoleRedirects, registerLifecycle, registerProbes } from './lifecycle-routes.ts';
import { serveNotFound } from './method-routes.ts';
import { registerOtlpWrite } from './otlp-write-api.ts';
import { QUERY_PATHS, registerPrometheusApi } from './prometheus-api.ts';
import { headFigures, prometheusViews } from './prometheus-views.ts';
import { registerRemoteWrite } from './remote-write-api.ts';
import { FORM_LIMIT } from './request-forms.ts';
import { createSelectorReader } from './selector-reader.ts';

const NAME = 'Prometheus Server';

/** What stands in for a Prometheus server, under its route prefix. */
export async function buildPrometheusSurface(
  parts: GuardParts,
  isReady: () => boolean,
  consoleUrl: string | undefined,
): Promise<FastifyInstance> {
  const { logger, options, routePrefix: prefix } = parts;
  const origins = createOriginPolicy(options.corsOrigin);
  const app = createHttpApp({
    logger,
    bodyLimit: FORM_LIMIT,
    listen: options.listen,
    allowedHosts: options.allowedHosts,
    ...(options.externalUrl !== undefined && { publicHost: new URL(options.externalUrl).hostname }),
    allowsForeign: (request, origin) => isQuery(request, prefix) && origins.allows(origin),
  });
  serveNotFound(app);
  if (options.corsOrigin !== undefined) registerCors(app, origins);
  await app.register(async scope => registerRoutes(scope, parts, isReady, consoleUrl), { prefix });
  if (prefix !== '') app.get('/', (_request, reply) => reply.redirect(`${prefix}/`));
  return app;
}

/** Whether a request only asks for what there is: pages of allowed origins may, and nothing else. */
function isQuery({ url }: FastifyRequest, prefix: string): boolean {
  const path = url.split('?', 1)[0];
  return QUERY_PATHS.some(query => path === `${prefix}/api/v1/${query}`);
}

function registerRoutes(
  app: FastifyInstance,
  parts: GuardParts,
  isReady: () => boolean,
  consoleUrl: string | undefined,
): void {
  const { pool, clock, registries, options, store } = parts;
  const selectors = createSelectorReader(pool);
  registerPrometheusApi(app, {
    pool,
    views: prometheusViews(parts),
    exemplars: async params => {
      const range = exemplarRange(params);
      return exemplarsText(store, await selectors.within(params.value('query')), range);
    },
    head: () => headFigures(store),
    clock,
  });
  registerAdminApi(app, {
    isEnabled: options.enableAdminApi,
    store,
    selectors,
    snapshots: join(options.dataDirectory, 'snapshots'),
  });
  registerFederate(app, {
    pool,
    clock,
    lookbackDelta: options.lookbackDelta,
    externalLabels: () => parts.config.externalLabels,
  });
  const { acceptedWriteMessages } = options;
  registerRemoteWrite(app, { receiver: parts.writeReceiver, acceptedMessages: acceptedWriteMessages });
  registerOtlpWrite(app, options.enableOtlpReceiver ? parts.metricsReceiver : undefined);
  const registry = Registry.merge(Object.values(registries));
  registerProbes(app, { name: NAME, registry, isReady });
  registerLifecycle(app, {
    isEnabled: options.enableLifecycle,
    reload: () => parts.reloader.reload(),
    quit: parts.quit,
  });
  registerConsoleRedirects(app, NAME, consoleUrl);
}
