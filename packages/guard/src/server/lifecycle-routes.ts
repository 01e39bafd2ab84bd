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
  app.get('/', async (_request, reply) => {
    const url = consoleUrl();
    return url === undefined ? `${name}: the console is not served (--console-port)\n` : reply.redirect(url);
  });
}
