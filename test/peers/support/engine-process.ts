import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peer } from '../programs.ts';
import { createHttpClient } from './http-client.ts';

/** A metrics engine in a process of its own that serves Prometheus's HTTP API. */
export interface EngineProcess {
  readonly name: EngineName;
  /** Host and port. */
  readonly address: string;
  readonly pid: number;
  /** Lets it end in order. @throws when it ends otherwise */
  stop(): Promise<void>;
}

export const ENGINE_NAMES = ['prometheus', 'slo-guard'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface EngineOptions {
  /** Holds its data and its configuration. */
  readonly folder: string;
  /** A prometheus.yml; without scrapes or rules by default. */
  readonly config?: string;
  /** Rule files by their names. */
  readonly files?: Readonly<Record<string, string>>;
  /** Flags that both understand, such as `--query.max-samples=1000`. */
  readonly flags?: readonly string[];
  /** How long it may take until it is ready. */
  readonly startSeconds?: number;
}

const root = join(import.meta.dirname, '../../..');
/** One that hangs is killed, and what it printed is told. */
const STOP_SECONDS = 30;
const NO_TARGETS = 'global: { evaluation_interval: 1h }\n';
const NO_RECEIVER = 'route: { receiver: none }\nreceivers: [{ name: none }]\n';

/** Tests choose instants of the past, so that what they ask is always the same. */
const KEEP_FOR_EVER = '--storage.tsdb.retention.time=100y';

function commandOf(name: EngineName, folder: string, port: number): [command: string, args: string[]] {
  if (name === 'prometheus')
    return [
      peer('prometheus'),
      [
        '--config.file=prometheus.yml',
        '--storage.tsdb.path=data',
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
        '--web.enable-remote-write-receiver',
        '--web.enable-admin-api',
        '--log.level=error',
      ],
    ];
  writeFileSync(join(folder, 'alertmanager.yml'), NO_RECEIVER);
  const off = ['alertmanager', 'otlp-grpc', 'otlp-http', 'jaeger', 'console'].flatMap(surface => [
    `--${surface}-port`,
    'off',
  ]);
  return [
    process.execPath,
    [
      join(root, 'packages/guard/bin/slo-guard.js'),
      'serve',
      '--prometheus-config=prometheus.yml',
      '--alertmanager-config=alertmanager.yml',
      '--data-dir=data',
      `--prometheus-port=${port}`,
      '--web.enable-remote-write-receiver',
      '--web.enable-admin-api',
      '--log-level=error',
      ...off,
    ],
  ];
}

/** Starts an engine and waits until it answers. @throws with what it printed when it ends instead */
export async function startEngine(name: EngineName, options: EngineOptions): Promise<EngineProcess> {
  const { folder, config = NO_TARGETS, files = {}, flags = [], startSeconds = 120 } = options;
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ 'prometheus.yml': config, ...files }))
    writeFileSync(join(folder, file), text);
  const port = await freePort();
  const [command, args] = commandOf(name, folder, port);
  const child = spawn(command, [...args, KEEP_FOR_EVER, ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = capture(child);
  const address = `127.0.0.1:${port}`;
  await readiness(child, address, startSeconds, () => `${name}: ${printed()}`);
  return { name, address, pid: child.pid!, stop: () => stop(child, name, printed) };
}

/** The last that a process has printed. */
function capture(child: ChildProcess): () => string {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed = `${printed}${text}`.slice(-4_000);
    });
  }
  return () => printed;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function readiness(child: ChildProcess, address: string, seconds: number, told: () => string) {
  const client = createHttpClient(address, 1);
  const until = performance.now() + seconds * 1000;
  try {
    while (performance.now() < until) {
      if (hasEnded(child)) throw new Error(`it ended before it was ready; ${told()}`);
      const status = await client.get('/-/ready').then(
        answer => answer.status,
        () => 0,
      );
      if (status === 200) return;
      await sleep(10);
    }
    child.kill('SIGKILL');
    throw new Error(`it was not ready within ${seconds} s; ${told()}`);
  } finally {
    client.close();
  }
}

async function stop(child: ChildProcess, name: string, printed: () => string): Promise<void> {
  if (hasEnded(child)) throw new Error(`${name} had ended with ${child.exitCode}: ${printed()}`);
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(killer);
  if (child.exitCode !== 0)
    throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}: ${printed()}`);
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
