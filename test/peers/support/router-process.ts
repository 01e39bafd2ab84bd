import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peer } from '../programs.ts';

/** An alert router in a process of its own that serves Alertmanager's API. */
export interface RouterProcess {
  readonly name: RouterName;
  /** Host and port. */
  readonly address: string;
  readonly pid: number;
  /** Lets it end in order. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

export interface RouterOptions {
  /** Any free one where it is left out. */
  readonly port?: number;
  /** Flags that make an Alertmanager part of a cluster; it is alone without. */
  readonly cluster?: readonly string[];
  /** Flags that both understand. */
  readonly flags?: readonly string[];
}

export const ROUTER_NAMES = ['alertmanager', 'slo-guard'] as const;
export type RouterName = (typeof ROUTER_NAMES)[number];

const root = join(import.meta.dirname, '../../..');
const START_SECONDS = 60;
const ALONE = ['--cluster.listen-address='];

function commandOf(
  name: RouterName,
  port: number,
  cluster: readonly string[],
): [command: string, args: string[]] {
  if (name === 'alertmanager')
    return [
      peer('alertmanager'),
      [
        '--config.file=alertmanager.yml',
        '--storage.path=data',
        `--web.listen-address=127.0.0.1:${port}`,
        ...cluster,
        '--log.level=error',
      ],
    ];
  const off = ['prometheus', 'otlp-grpc', 'otlp-http', 'jaeger', 'console'].flatMap(surface => [
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
      `--alertmanager-port=${port}`,
      '--log-level=error',
      ...off,
    ],
  ];
}

/** Starts a router on a free port with its data in `folder`. @throws with what it printed when it ends instead */
export async function startRouter(
  name: RouterName,
  folder: string,
  config: string,
  { port: wanted, cluster = ALONE, flags = [] }: RouterOptions = {},
): Promise<RouterProcess> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'alertmanager.yml'), config);
  writeFileSync(join(folder, 'prometheus.yml'), 'global: { evaluation_interval: 1h }\n');
  const port = wanted ?? (await freePort());
  const [command, args] = commandOf(name, port, cluster);
  const child = spawn(command, [...args, ...flags], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', text => {
      printed = `${printed}${text}`.slice(-4_000);
    });
  const address = `127.0.0.1:${port}`;
  await readiness(child, address, () => `${name}: ${printed}`);
  return {
    name,
    address,
    pid: child.pid!,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function readiness(child: ChildProcess, address: string, told: () => string): Promise<void> {
  const until = performance.now() + START_SECONDS * 1000;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`it ended before it was ready; ${told()}`);
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(20);
  }
  child.kill('SIGKILL');
  throw new Error(`it was not ready within ${START_SECONDS} s; ${told()}`);
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Ports of this test that a process will bind in a moment: until then the system gives them out again. */
const promised = new Set<number>();

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const taken = promised.has(port);
  promised.add(port);
  await new Promise(resolve => server.close(resolve));
  return taken ? freePort() : port;
}
