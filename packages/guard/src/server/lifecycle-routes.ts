import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { PLAIN, serve } from './method-routes.ts';

/** What a probe looks for on each surface. */
export interface ProbeOptions {
  /** Named in the health answers, as the original names itself. */
  readonly name: string;
  readonly registry: Registry;
  readonly isReady: () => boolean;
}

/** `/metrics`, `/-/healthy` and `/-/ready`, the last of which answers 503 until the guard has started fully. */
export function registerProbes(app: FastifyInstance, { name, registry, isReady }: ProbeOptions): void {
  serve(app, ['GET'], '/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  serve(app, ['GET', 'HEAD'], '/-/healthy', (_request, reply) =>
    reply.type(PLAIN).send(`${name} is Healthy.\n`),
  );
  serve(app, ['GET', 'HEAD'], '/-/ready', (_request, reply) =>
    isReady()
      ? reply.type(PLAIN).send(`${name} is Ready.\n`)
      : reply.code(503).type(PLAIN).send('Service Unavailable'),
  );
}

/** What Prometheus does on request only when it is told to with `--web.enable-lifecycle`; refused in its words. */
export function registerLifecycleRefusals(app: FastifyInstance): void {
  for (const path of ['/-/reload', '/-/quit'])
    app.all(path, (request, reply) => {
      const isAsked = request.method === 'POST' || request.method === 'PUT';
      reply.code(isAsked ? 403 : 405).type(PLAIN);
      return reply.send(isAsked ? 'Lifecycle API is not enabled.' : 'Only POST or PUT requests allowed');
    });
}

/** Pages of the originals that the console has too, for links that people keep. */
const CONSOLE_PAGES = ['/', '/trace/:id', '/graph', '/alerts', '/search'];

/** Leads browsers from an API's pages to the console. `consoleUrl` is undefined where it is not served. */
export function registerConsoleRedirects(
  app: FastifyInstance,
  name: string,
  consoleUrl: string | undefined,
): void {
  for (const page of CONSOLE_PAGES) {
    app.get(page, async (request, reply) => {
      if (consoleUrl === undefined)
        return reply.type('text/plain').send(`${name}: the console is not served (--console-port)\n`);
      return reply.redirect(page.startsWith('/trace/') ? new URL(request.url, consoleUrl).href : consoleUrl);
    });
  }
}
