import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { messageOf } from '../core/index.ts';
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

/** What a process does on request. */
export interface LifecycleOptions {
  /** `--web.enable-lifecycle`; Alertmanager is always asked. */
  readonly isEnabled: boolean;
  readonly reload: () => Promise<void>;
  /** Ends the process. Where it is left out, the path does not exist. */
  readonly quit?: () => void;
}

/** `/-/reload` and `/-/quit`, which Prometheus carries out only when it is told to; in its words. */
export function registerLifecycle(app: FastifyInstance, { isEnabled, reload, quit }: LifecycleOptions): void {
  const onRequest = (path: string, act: (reply: FastifyReply) => Promise<unknown>) =>
    app.all(path, async (request, reply) => {
      const isAsked = request.method === 'POST' || request.method === 'PUT';
      if (!isAsked) return reply.code(405).type(PLAIN).send('Only POST or PUT requests allowed');
      return isEnabled ? act(reply) : reply.code(403).type(PLAIN).send('Lifecycle API is not enabled.');
    });
  onRequest('/-/reload', async reply => {
    try {
      await reload();
      return reply.code(200).send();
    } catch (error) {
      return reply
        .code(500)
        .type(PLAIN)
        .send(`failed to reload config: ${messageOf(error)}\n`);
    }
  });
  if (quit)
    onRequest('/-/quit', async reply => {
      reply.raw.once('finish', quit);
      return reply.type(PLAIN).send('Requesting termination... Goodbye!');
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
