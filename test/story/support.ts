import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The names that `--port` takes, with free ports. */
export type Ports = Readonly<Record<(typeof PORT_NAMES)[number], number>>;
const PORT_NAMES = [
  'service_a',
  'service_b',
  'webhook-receiver',
  'prometheus',
  'alertmanager',
  'otlp_grpc',
  'otlp_http',
  'jaeger',
  'console',
] as const;

export async function freePortsByName(): Promise<Ports> {
  const servers = await Promise.all(
    PORT_NAMES.map(
      () =>
        new Promise<ReturnType<typeof createServer>>(resolve => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return Object.fromEntries(PORT_NAMES.map((name, i) => [name, ports[i]])) as Ports;
}

/** `slo-guard up` as a process of its own, with what it has printed. */
export interface Up {
  readonly process: ChildProcess;
  output(): string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

export function startUp(ports: Ports, dataDirectory: string, flags: readonly string[] = []): Up {
  const portFlags = Object.entries(ports).flatMap(([name, port]) => ['--port', `${name}=${port}`]);
  const child = spawn(
    process.execPath,
    [
      join(root, 'packages/guard/bin/slo-guard.js'),
      'up',
      '--data-dir',
      dataDirectory,
      ...portFlags,
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: root },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { process: child, output: () => output, ended: new Promise(resolve => child.once('exit', resolve)) };
}

/** Asks until the answer satisfies, at most `seconds`; gives the answer. */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const until = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < until) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`${what} did not come within ${seconds} s${last === undefined ? '' : ` (${last})`}`);
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}

/** Runs a shell line as the article has it, with the default ports replaced by the ones in use. */
export async function shell(line: string, ports: Ports): Promise<string> {
  const moved = line
    .replaceAll('localhost:8001', `127.0.0.1:${ports.service_a}`)
    .replaceAll('localhost:8002', `127.0.0.1:${ports.service_b}`);
  const { stdout } = await run('bash', ['-c', moved]);
  return stdout;
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The processes that a process has started (proc(5)). */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(text => text !== '')
    .map(Number);

/** The guard among the processes that `slo-guard up` has started. @throws while it is not there */
export function guardOf(up: number): number {
  const pid = childrenOf(up).find(child =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0').includes('serve'),
  );
  if (pid === undefined) throw new Error('no guard is running');
  return pid;
}
