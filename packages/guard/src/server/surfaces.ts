import type { FastifyInstance } from 'fastify';
import { createTraceReceiver, type TraceReceiver } from '../otlp/index.ts';
import { registerAlertmanagerApi } from './alertmanager-api.ts';
import { addressText, type BoundPort, bindError, bindPort } from './bound-port.ts';
import { registerConsoleApi } from './console-api.ts';
import { registerConsolePages } from './console-app.ts';
import { consoleSources } from './console-sources.ts';
import type { GuardOptions, Surface } from './guard-options.ts';
import type { GuardParts } from './guard-parts.ts';
import { createHttpApp } from './http-app.ts';
import { refuseForeignRequests } from './http-guard.ts';
import { registerJaegerApi } from './jaeger-api.ts';
import { registerConsoleRedirects, registerLifecycle, registerProbes } from './lifecycle-routes.ts';
import { createOtlpGrpcServer } from './otlp-grpc.ts';
import { createOtlpHttpServer } from './otlp-http.ts';
import { buildPrometheusSurface } from './prometheus-surface.ts';
import type { Teardown } from './teardown.ts';

export type HttpSurface = Exclude<Surface, 'otlp-grpc'>;
export type BoundPorts = ReadonlyMap<HttpSurface, BoundPort>;

/** The order in which ports are bound. */
const HTTP_SURFACES: readonly HttpSurface[] = [
  'console',
  'prometheus',
  'alertmanager',
  'jaeger',
  'otlp-http',
];

interface BuildContext {
  readonly parts: GuardParts;
  readonly receiver: TraceReceiver;
  readonly isReady: () => boolean;
}

/** Takes the port of every HTTP surface that is wanted. @throws UserError `port-in-use` */
export async function bindPorts({ ports, listen }: GuardOptions, teardown: Teardown): Promise<BoundPorts> {
  const bound = new Map<HttpSurface, BoundPort>();
  for (const surface of HTTP_SURFACES) {
    const port = ports[surface];
    if (port === 'off') continue;
    const taken = await bindPort(surface, listen, port);
    teardown.add(() => taken.close());
    bound.set(surface, taken);
  }
  return bound;
}

/** Serves the parts on the bound ports, and OTLP over gRPC on its own. @throws UserError `port-in-use` */
export async function serveSurfaces(
  parts: GuardParts,
  ports: BoundPorts,
  isReady: () => boolean,
  teardown: Teardown,
): Promise<void> {
  const { spans, logger, registries } = parts;
  const receiver = createTraceReceiver({ ingest: spans.write, logger, registry: registries.traces });
  for (const [surface, port] of ports) {
    await port.serve(await BUILDERS[surface]({ parts, receiver, isReady }));
    teardown.add(() => port.close());
  }
  await serveGrpc(parts, receiver, teardown);
}

const newApp = ({ options: { listen, allowedHosts }, logger }: GuardParts) =>
  createHttpApp({ logger, listen, allowedHosts });

const BUILDERS: Readonly<Record<HttpSurface, (context: BuildContext) => Promise<FastifyInstance>>> = {
  async console({ parts, isReady }) {
    const app = newApp(parts);
    registerConsoleApi(app, consoleSources(parts));
    registerProbes(app, { name: 'slo-guard', registry: parts.registries.guard, isReady });
    await registerConsolePages(app);
    return app;
  },
  prometheus: ({ parts, isReady }) => buildPrometheusSurface(parts, isReady, consoleUrl(parts)),
  async alertmanager({ parts, isReady }) {
    const app = newApp(parts);
    const { alertmanager, clock, options } = parts;
    registerAlertmanagerApi(app, { alertmanager, version: options.version, clock });
    registerProbes(app, { name: 'Alertmanager', registry: parts.registries.router, isReady });
    registerLifecycle(app, { isEnabled: true, reload: () => parts.routingReloader.reload() });
    registerConsoleRedirects(app, 'Alertmanager', consoleUrl(parts));
    return app;
  },
  async jaeger({ parts, isReady }) {
    const app = newApp(parts);
    registerJaegerApi(app, { spans: parts.spans, logger: parts.logger });
    registerProbes(app, { name: 'Jaeger', registry: parts.registries.traces, isReady });
    registerConsoleRedirects(app, 'Jaeger', consoleUrl(parts));
    return app;
  },
  async 'otlp-http'({ parts, receiver }) {
    const app = createOtlpHttpServer({
      receiver,
      metrics: parts.metricsReceiver,
      logger: parts.logger,
    });
    refuseForeignRequests(app, parts.options);
    return app;
  },
};

const consoleUrl = ({ addresses }: GuardParts) =>
  addresses.console === undefined ? undefined : `http://${addresses.console}/`;

/** No browser speaks gRPC without TLS, so that this one needs no guard against web pages. */
async function serveGrpc(
  { options: { ports, listen }, addresses, logger, clock, metricsReceiver }: GuardParts,
  receiver: TraceReceiver,
  teardown: Teardown,
): Promise<void> {
  const port = ports['otlp-grpc'];
  if (port === 'off') return;
  const server = createOtlpGrpcServer({ receiver, metrics: metricsReceiver, logger, clock });
  try {
    addresses['otlp-grpc'] = addressText(listen, await server.listen(listen, port));
  } catch (error) {
    throw bindError(error, 'otlp-grpc', listen, port);
  }
  teardown.add(() => server.close());
}
