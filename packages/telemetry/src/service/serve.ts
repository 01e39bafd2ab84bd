import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Exit code for wrong use or an environment that does not allow the start, as in the whole of slo-guard. */
const EXIT_USAGE = 2;

/** While it closes, connections that are in use get an answer with `Connection: close` and are let go. */
const DRAIN_MS = 300;
/** After this, what is still open is cut, so that the process ends within five seconds. */
const CLOSE_MS = 2500;

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Runs last, after the final answer: flushes telemetry and the like. */
  readonly onStopped?: () => Promise<unknown>;
}

/** Ends the process with one line that says why; for use before the service runs. */
export function failToStart(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_USAGE);
}

/** Reads a port from the environment; 0 means any free one. Ends the process when it is none. */
export function portFrom(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && /^\d+$/.test(value)) return port;
  return failToStart(`${name}=${value} is not a port (0 to 65535)`);
}

async function listen(app: FastifyInstance, { host, port }: ServeOptions): Promise<void> {
  try {
    await app.listen({ host, port, listenTextResolver: address => `ready on ${address}` });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      failToStart(`port ${port} on ${host} is in use: stop what listens there, or set PORT`);
    }
    if (code === 'EACCES')
      failToStart(`port ${port} on ${host} may not be opened: set PORT to 1024 or above`);
    failToStart(`cannot listen on ${host}:${port}: ${message}`);
  }
}

function openConnections(server: NetServer): Promise<number> {
  return new Promise(resolve => server.getConnections((_error, count) => resolve(count ?? 0)));
}

/**
 * Stops without losing a request: no new connections, then an answer with `Connection: close` for what arrives on
 * open ones, then the idle ones are closed. Closing idle ones at once, as http.Server does by itself, would cut
 * those on which a request is already under way.
 */
async function drain(app: FastifyInstance): Promise<void> {
  NetServer.prototype.close.call(app.server);
  app.server.on('request', (_request, response) => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  });
  const until = performance.now() + DRAIN_MS;
  while (performance.now() < until && (await openConnections(app.server)) > 0) await sleep(20);
  const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
  await app.close();
  clearTimeout(cut);
}

/**
 * Listens, says so in one log line, and ends the process with code 0 after SIGTERM or SIGINT, within five seconds
 * and without losing a request. A port that cannot be had ends it with code 2 and one line.
 */
export async function serve(app: FastifyInstance, options: ServeOptions): Promise<void> {
  await listen(app, options);
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    app.log.info({ signal }, 'stopping');
    try {
      await drain(app);
      await options.onStopped?.();
      app.log.info('stopped');
      process.exitCode = 0;
    } catch (error) {
      app.log.error({ err: error }, 'stopped with an error');
      process.exitCode = 1;
    }
    process.exit();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
