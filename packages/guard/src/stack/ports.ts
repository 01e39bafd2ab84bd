import { createServer, type Server } from 'node:net';
import { type Problem, UserError } from '../core/index.ts';
import { BLOCKED_PORTS } from '../http-client/index.ts';
import { usablePort } from './blocked-port.ts';

/** A port that the stack is about to use. */
export interface WantedPort {
  /** The name that `--port NAME=N` takes. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** @throws UserError `port-in-use`, one problem for each port that is taken, with the part and the flag that moves it */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  const failures = await Promise.all(wanted.map(async entry => ({ entry, code: await tryListen(entry) })));
  const problems = failures.flatMap(({ entry: { name, host, port }, code }): Problem[] => {
    if (code === undefined) return [];
    const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be bound (${code})`;
    return [
      {
        code: 'port-in-use',
        message: `port ${port} on ${host} for ${name} ${reason}`,
        remedy: `stop what listens there, or move it: --port ${name}=${suggestion(port)}`,
      },
    ];
  });
  const [first, ...rest] = problems;
  if (first) throw UserError.ofProblems([first, ...rest]);
}

const suggestion = (port: number) => usablePort(port + 10_000 <= 65_535 ? port + 10_000 : port - 10_000);

/** The error code with which binding fails; undefined when it works. */
function tryListen({ host, port }: WantedPort): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * As many ports that nobody uses now, all different. Another process may still take one before it is bound.
 *
 * @param suits which will do: those that browsers ask
 */
export async function freePorts(
  count: number,
  host: string,
  suits = (port: number) => !BLOCKED_PORTS.has(port),
): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (;;) {
      const ports = servers.map(server => (server.address() as { port: number }).port).filter(suits);
      if (ports.length === count) return ports;
      // Those that do not suit stay taken meanwhile: the system gives each only once.
      servers.push(await listenAnywhere(host));
    }
  } finally {
    await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  }
}

function listenAnywhere(host: string): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0 }, () => resolve(server));
  });
}
