import type { FastifyInstance } from 'fastify';
import { compileRegexp } from '../core/index.ts';

/** Which pages of other sites may ask. */
export interface OriginPolicy {
  allows(origin: string): boolean;
  /** What `Access-Control-Allow-Origin` says to an origin; undefined for one that may not ask. */
  allowed(origin: string): string | undefined;
}

/** Prometheus's own default, which opens the API to every page; here nothing is open unless it is asked for. */
const EVERY_ORIGIN = '.*';

/**
 * @param pattern `--web.cors.origin`, matched against the whole origin; no page may ask without it
 * @throws UserError `bad-regexp`
 */
export function createOriginPolicy(pattern: string | undefined): OriginPolicy {
  const regexp = pattern === undefined ? undefined : compileRegexp(`^(?:${pattern})$`, { shown: pattern });
  const allows = (origin: string) => regexp?.matcher(origin).find() ?? false;
  return {
    allows,
    allowed(origin) {
      if (pattern === EVERY_ORIGIN) return '*';
      return allows(origin) ? origin : undefined;
    },
  };
}

const HEADERS = {
  'access-control-allow-headers': 'Accept, Authorization, Content-Type, Origin',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-expose-headers': 'Date',
} as const;

/** Answers pages of other sites as Prometheus does (util/httputil `SetCORS`). */
export function registerCors(app: FastifyInstance, origins: OriginPolicy): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (origin !== undefined && origin !== '') {
      reply.headers(HEADERS);
      const allowed = origins.allowed(origin);
      if (allowed !== undefined) reply.header('access-control-allow-origin', allowed);
    }
    done();
  });
}
