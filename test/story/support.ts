import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BLOCKED_PORTS } from '../../packages/guard/src/http-client/index.ts';

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

/**
 * Ports below those that the kernel gives away for outgoing connections, of which one might be taken before a program
 * binds it; in slots, of which each process of the tests begins with another.
 */
const SLOTS = { first: 10_000, size: 20, count: 1000 } as const;
let slot = randomInt(SLOTS.count);

export async function freePortsByName(): Promise<Ports> {
  for (let tries = 0; tries < SLOTS.count; tries += 1) {
    slot = (slot + 1) % SLOTS.count;
    const first = SLOTS.first + slot * SLOTS.size;
    const ports = PORT_NAMES.map((name, i) => [name, first + i] as const);
    const free = await Promise.all(ports.map(([, port]) => isFree(port)));
    if (free.every(Boolean)) return Object.fromEntries(ports) as Ports;
  }
  throw new Error('no ports are free');
}

function isFree(port: number): Promise<boolean> {
  if (BLOCKED_PORTS.has(port)) return Promise.resolve(false);
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
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

/**
 * Asks until the answer satisfies, at most `seconds`; gives the answer. A failure is an answer that does not satisfy, but
 * for a mistake of the asking code, which is thrown at once: waiting does not mend it.
 */
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
      if (isMistake(error)) throw error;
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`${what} did not come within ${seconds} s${last === undefined ? '' : ` (${told(last)})`}`);
}

const told = (error: unknown) =>
  error instanceof Error && error.cause instanceof Error ? `${error}: ${error.cause.message}` : String(error);

/** Without an answer `fetch` throws a TypeError too, whose cause says why; what it never sends is a mistake. */
function isMistake(error: unknown): boolean {
  if (!(error instanceof TypeError)) return error instanceof ReferenceError;
  const { cause } = error;
  return !(cause instanceof Error) || cause instanceof TypeError || cause.message === 'bad port';
}

/** So many good answers to one that was not, and no alert fires: the slow tier's threshold is at 6 %. */
const GOOD_TO_BAD = 40;
/** Longer misses the demo's objective of latency, which counts by the service's clock: the way there comes on top here. */
const SLOW_MS = 250;

/**
 * Sends requests until they are answered well and soon. The first ones after a start are slow, code is compiled and
 * connections are made, and on a busy machine they fail; those are then outweighed, so that no budget burns before the proof
 * begins.
 */
export async function warmUp(url: string): Promise<void> {
  let [good, bad, inARow] = [0, 0, 0];
  while (inARow < 20 || good < GOOD_TO_BAD * bad) {
    const askedAt = performance.now();
    const answer = await fetch(url);
    await answer.text();
    if (answer.ok && performance.now() - askedAt < SLOW_MS) [good, inARow] = [good + 1, inARow + 1];
    else [bad, inARow] = [bad + 1, 0];
  }
  // The rules see it after a scrape and an evaluation.
  if (bad > 0) await sleep(12_000);
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
