import { createServer } from 'node:net';
import { type Problem, UserError } from '../core/index.ts';

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

const suggestion = (port: number) => (port + 10_000 <= 65_535 ? port + 10_000 : port - 10_000);

/** The error code with which binding fails; undefined when it works. */
function tryListen({ host, port }: WantedPort): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** As many ports that nobody uses now, all different. Another process may still take one before it is bound. */
export async function freePorts(count: number, host: string): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port: 0 }, () => resolve(server));
      });
    }),
  );
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
