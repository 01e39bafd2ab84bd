import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Logger } from '../core/index.ts';

/** What all HTTP surfaces of the guard share. */
export interface HttpAppOptions {
  readonly logger: Logger;
  /** The address it will be bound to. On loopback the Host header must name the loopback, against DNS rebinding. */
  readonly listen: string;
  /** Host names accepted besides; lower case, without port. */
  readonly allowedHosts: readonly string[];
  /** Largest request body in bytes. */
  readonly bodyLimit?: number;
}

const BODY_LIMIT = 4 * 1024 * 1024;
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const isLoopbackAddress = (address: string) =>
  address === 'localhost' || address === '::1' || address.startsWith('127.');

/** `Host` without its port, lower case; IPv6 keeps its brackets. */
const hostName = (host: string) => host.toLowerCase().replace(/:\d+$/, '');

/**
 * A Fastify application that refuses what a web page elsewhere could send through a visitor's browser: a foreign
 * `Host` on loopback, and a foreign `Origin` or `Sec-Fetch-Site` on anything that changes state.
 */
export function createHttpApp({
  logger,
  listen,
  allowedHosts,
  bodyLimit = BODY_LIMIT,
}: HttpAppOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  });
  const known = new Set([...LOOPBACK_HOSTS, ...allowedHosts]);

  app.addHook('onRequest', async (request, reply) => {
    const host = hostName(request.headers.host ?? '');
    if (isLoopbackAddress(listen) && !known.has(host)) {
      return refuse(reply, `host ${JSON.stringify(host)} is not allowed; --allowed-hosts adds it`);
    }
    if (SAFE_METHODS.has(request.method)) return;
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined && !isSameHost(origin, request.headers.host))
      return refuse(reply, `origin ${JSON.stringify(origin)} is foreign`);
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return refuse(reply, 'the request comes from another site');
  });

  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
  });

  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) logger.error({ error: error.message, url: request.url }, 'request failed');
    return reply
      .code(status)
      .send({ status: 'error', errorType: status >= 500 ? 'internal' : 'bad_data', error: error.message });
  });
  return app;
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

const refuse = (reply: FastifyReply, error: string) =>
  reply.code(403).send({ status: 'error', errorType: 'forbidden', error });
