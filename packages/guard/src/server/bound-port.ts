import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Milliseconds, UserError } from '../core/index.ts';
import type { Surface } from './guard-options.ts';
import { refuseUnreadable } from './unreadable-requests.ts';

/** A port that is taken before what it serves exists, so that addresses are known while the parts are put together. */
export interface BoundPort {
  /** `host:port`, as it stands in URLs. */
  readonly address: string;
  /** Every request is answered 503 until this has resolved. */
  serve(app: FastifyInstance): Promise<void>;
  /** Ends requests under way. */
  close(): Promise<void>;
}

/** Longer than what proxies in front keep connections for (fastify's default). */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** Node's own. */
const HEADERS_TIMEOUT_MS = 60_000;

/** Queries stand in the request line, and may be long: as much as Go's net/http takes. */
const MAX_HEADER_BYTES = 1024 * 1024;

/** How long a request may take to arrive, and how often that is looked at. */
export interface ReadLimit {
  readonly timeout: Milliseconds;
  readonly checkEvery: Milliseconds;
}

/** As Prometheus's `--web.read-timeout`. */
const READ_LIMIT: ReadLimit = { timeout: 300_000, checkEvery: 30_000 };

/** @throws UserError `port-in-use` naming the flag that moves it */
export async function bindPort(
  surface: Surface,
  host: string,
  port: number,
  { timeout, checkEvery }: ReadLimit = READ_LIMIT,
): Promise<BoundPort> {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: timeout,
    headersTimeout: Math.min(timeout, HEADERS_TIMEOUT_MS),
    connectionsCheckingInterval: checkEvery,
  });
  refuseUnreadable(server, timeout);
  let app: FastifyInstance | undefined;
  server.on('request', (request, response) => {
    if (app) app.routing(request, response);
    else response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end('starting\n');
  });
  try {
    await listening(server, host, port);
  } catch (error) {
    throw bindError(error, surface, host, port);
  }
  return {
    address: addressText(host, (server.address() as AddressInfo).port),
    async serve(next) {
      await next.ready();
      app = next;
    },
    async close() {
      await closed(server);
      await app?.close();
    },
  };
}

/** `host:port`, with the brackets that IPv6 needs. */
export const addressText = (host: string, port: number): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;

/** What sockets say, and what the gRPC server says for all of it. */
const BIND_FAILURES = new Set(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'listen-failed']);

export function bindError(error: unknown, surface: Surface, host: string, port: number): unknown {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !BIND_FAILURES.has(code)) return error;
  return new UserError('port-in-use', `port ${port} on ${host} for ${surface} cannot be bound (${code})`, {
    remedy: `stop what listens there, or move it: --${surface}-port N (--listen ADDRESS for the address)`,
  });
}

const listening = (server: Server, host: string, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });

const closed = (server: Server) =>
  new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
