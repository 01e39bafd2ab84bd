import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How admin routes are protected. */
export interface AdminGuardOptions {
  /** The address that the service binds to. */
  readonly host: string;
  /** Needed in `Authorization: Bearer …` when the bind is not loopback. */
  readonly token?: string | undefined;
  /** `off` needs no token anywhere: for a container whose port is published on loopback alone. */
  readonly auth?: 'on' | 'off';
  /** Further names that the Host header may carry. */
  readonly allowedHosts?: readonly string[];
}

/** Why an admin request is refused; null lets it through. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly error: string;
  readonly message: string;
}

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Without the port; brackets of IPv6 stay. */
function hostName(header: string): string {
  return header.replace(/:\d+$/, '');
}

function refuseHost(header: string | undefined, options: AdminGuardOptions): Refusal | null {
  const allowed = options.allowedHosts ?? [];
  // Beyond loopback the name under which a service is reached is not known; the token protects it there.
  if (!isLoopback(options.host) && allowed.length === 0) return null;
  const name = hostName(header ?? '');
  if (isLoopback(name) || allowed.includes(name)) return null;
  return { status: 403, error: 'host_not_allowed', message: `Host ${name || '(none)'} is not this service` };
}

function refuseOrigin(request: FastifyRequest): Refusal | null {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    return { status: 403, error: 'foreign_origin', message: `requests from origin ${origin} are refused` };
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return {
      status: 403,
      error: 'foreign_site',
      message: `requests with Sec-Fetch-Site ${site} are refused`,
    };
  }
  return null;
}

/** Compares digests, so that neither length nor prefix of the token shows in the time taken. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function refuseToken(header: string | undefined, options: AdminGuardOptions): Refusal | null {
  if (isLoopback(options.host) || options.auth === 'off') return null;
  if (!options.token) {
    const message =
      'admin calls are closed: the service does not bind to loopback and has no SLO_GUARD_ADMIN_TOKEN ' +
      '(SLO_GUARD_ADMIN_AUTH=off opens them where only loopback reaches the port)';
    return { status: 401, error: 'no_token_configured', message };
  }
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '';
  if (sameSecret(given, options.token)) return null;
  return {
    status: 401,
    error: 'bad_token',
    message: 'Authorization: Bearer <SLO_GUARD_ADMIN_TOKEN> is needed',
  };
}

/**
 * An onRequest hook that keeps browsers of other sites, rebound names and strangers from admin routes. It runs
 * before the body is read.
 */
export function createAdminGuard(options: AdminGuardOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const refusal =
      refuseHost(request.headers.host, options) ??
      refuseOrigin(request) ??
      refuseToken(request.headers.authorization, options);
    if (refusal === null) return undefined;
    request.log.warn({ audit: true, ...refusal, remote: request.ip }, 'admin call refused');
    if (refusal.status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(refusal.status).send({ error: refusal.error, message: refusal.message });
  };
}

/**
 * Reads SLO_GUARD_ADMIN_TOKEN and SLO_GUARD_ADMIN_AUTH.
 * @throws {Error} with one line when SLO_GUARD_ADMIN_AUTH is neither `on` nor `off`
 */
export function adminGuardFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  host: string,
): AdminGuardOptions {
  const auth = env.SLO_GUARD_ADMIN_AUTH || 'on';
  if (auth !== 'on' && auth !== 'off') {
    throw new Error(`SLO_GUARD_ADMIN_AUTH=${auth} is not supported; use on or off`);
  }
  return { host, auth, token: env.SLO_GUARD_ADMIN_TOKEN };
}
