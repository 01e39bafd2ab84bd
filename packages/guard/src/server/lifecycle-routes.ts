import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** What each surface has that a probe or a browser looks for first. */
export interface LifecycleOptions {
  /** Named in the health answers, as the original names itself. */
  readonly name: string;
  readonly registry: Registry;
  readonly isReady: () => boolean;
  /** Where `GET /` leads a browser: the console; undefined when it is not served. */
  readonly consoleUrl: () => string | undefined;
}

/** Pages of the originals that the console has too, for links that people keep. */
const CONSOLE_PAGES = ['/', '/trace/:id', '/graph', '/alerts', '/search'];

/** `/metrics`, `/-/healthy`, `/-/ready`, and `/` which leads to the console. */
export function registerLifecycle(
  app: FastifyInstance,
  { name, registry, isReady, consoleUrl }: LifecycleOptions,
): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get('/-/healthy', async () => `${name} is Healthy.\n`);
  app.get('/-/ready', async (_request, reply) =>
    isReady() ? `${name} is Ready.\n` : reply.code(503).send(`${name} is not ready.\n`),
  );
  for (const page of CONSOLE_PAGES) {
    app.get(page, async (request, reply) => {
      const url = consoleUrl();
      if (url === undefined) return `${name}: the console is not served (--console-port)\n`;
      return reply.redirect(page.startsWith('/trace/') ? new URL(request.url, url).href : url);
    });
  }
}
