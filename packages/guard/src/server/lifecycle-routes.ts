import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** What a probe looks for on each surface. */
export interface ProbeOptions {
  /** Named in the health answers, as the original names itself. */
  readonly name: string;
  readonly registry: Registry;
  readonly isReady: () => boolean;
}

/** `/metrics`, `/-/healthy` and `/-/ready`, the last of which answers 503 until the guard has started fully. */
export function registerProbes(app: FastifyInstance, { name, registry, isReady }: ProbeOptions): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get('/-/healthy', async (_request, reply) => reply.type('text/plain').send(`${name} is Healthy.\n`));
  app.get('/-/ready', async (_request, reply) =>
    isReady()
      ? reply.type('text/plain').send(`${name} is Ready.\n`)
      : reply.code(503).type('text/plain').send('Service Unavailable'),
  );
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
