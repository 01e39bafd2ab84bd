import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

/** Serves a path by some methods, and refuses the others. */
export function serve(app: FastifyInstance, methods: readonly Method[], url: string, handler: Handler): void {
  app.route({
    method: [...methods],
    url,
    exposeHeadRoute: false,
    handler: async (...args) => handler(...args),
  });
  refuseOthers(app, methods, url);
}

/**
 * Answers the methods that a path is not served by as Prometheus's router does: 405 with what is allowed, OPTIONS
 * with nothing but that.
 */
export function refuseOthers(app: FastifyInstance, methods: readonly Method[], url: string): void {
  const allow = [...new Set([...methods, 'OPTIONS'])].sort().join(', ');
  app.route({
    method: METHODS.filter(method => !methods.includes(method)),
    url,
    exposeHeadRoute: false,
    handler: (request, reply) => {
      reply.header('allow', allow);
      if (request.method === 'OPTIONS') return optionsAnswer(request, reply);
      return reply.code(405).type(PLAIN).send('Method Not Allowed\n');
    },
  });
}

export const PLAIN = 'text/plain; charset=utf-8';

/** The API answers OPTIONS without content, other paths with empty content. */
const optionsAnswer = ({ routeOptions: { url = '' } }: FastifyRequest, reply: FastifyReply) =>
  url.includes('/api/v1/') ? reply.removeHeader('allow').code(204).send() : reply.send('');

/** Paths that are not there. */
export function serveNotFound(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).type(PLAIN).send('404 page not found\n'));
}
