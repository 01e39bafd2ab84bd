import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What decides which requests a surface takes. */
export interface HttpGuardOptions {
  /** The address that the surface is bound to. */
  readonly listen: string;
  /** Host names accepted besides; lower case, without port. */
  readonly allowedHosts: readonly string[];
  /** The host name that people reach the surface by; accepted besides. */
  readonly publicHost?: string;
  /** Which requests a page of another site may send all the same; none by default. */
  readonly allowsForeign?: (request: FastifyRequest, origin: string) => boolean;
}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const isLoopbackAddress = (address: string) =>
  address === 'localhost' || address === '::1' || address.startsWith('127.');

/** `Host` without its port, lower case; IPv6 keeps its brackets. */
const hostName = (host: string) => host.toLowerCase().replace(/:\d+$/, '');

/**
 * Refuses what a web page elsewhere could send through a visitor's browser: a foreign `Host`, against DNS
 * rebinding (on loopback, and wherever host names are listed), and a foreign `Origin` or `Sec-Fetch-Site` on
 * anything that may change state.
 */
export function refuseForeignRequests(
  app: FastifyInstance,
  { listen, allowedHosts, publicHost = listen, allowsForeign = () => false }: HttpGuardOptions,
): void {
  const known = new Set(
    [...LOOPBACK_HOSTS, listen, publicHost, ...allowedHosts].map(name => name.toLowerCase()),
  );
  const checksHost = isLoopbackAddress(listen) || allowedHosts.length > 0;

  app.addHook('onRequest', async (request, reply) => {
    const { host, origin, 'sec-fetch-site': site } = request.headers;
    const name = hostName(host ?? '');
    if (checksHost && !known.has(name))
      return refuse(reply, `host ${JSON.stringify(name)} is not allowed; --allowed-hosts adds it`);
    if (SAFE_METHODS.has(request.method)) return;
    if (origin !== undefined && allowsForeign(request, origin)) return;
    if (origin !== undefined && !isSameHost(origin, host))
      return refuse(reply, `origin ${JSON.stringify(origin)} is foreign`);
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return refuse(reply, 'the request comes from another site');
  });
}

const isSameHost = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();

const refuse = (reply: FastifyReply, error: string) =>
  reply
    .code(403)
    .type('application/json')
    .send(JSON.stringify({ status: 'error', errorType: 'forbidden', error }));
