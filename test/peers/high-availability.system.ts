import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../story/support.ts';
import { type EngineProcess, startEngine } from './support/engine-process.ts';
import { freePort, type RouterProcess, startRouter } from './support/router-process.ts';

/** What every replica has: the same rules; who sends is left out of the alert, so that both send the same one. */
const RULES = 'groups: [{ name: g, rules: [{ alert: Burning, expr: burning > 0 }] }]\n';
const prometheusConfig = (replica: string, target: string, routers: readonly string[]) => `
global: { scrape_interval: 1s, evaluation_interval: 1s, external_labels: { replica: ${replica}, region: r } }
rule_files: [rules.yml]
scrape_configs: [{ job_name: j, static_configs: [{ targets: ['${target}'] }] }]
alerting:
  alert_relabel_configs: [{ action: labeldrop, regex: replica }]
  alertmanagers: [{ static_configs: [{ targets: [${routers.map(address => `'${address}'`).join(', ')}] }] }]
`;
const routing = (receiver: string) => `
route: { receiver: page, group_by: [name], group_wait: 1s, group_interval: 2s, repeat_interval: 1h }
receivers: [{ name: page, webhook_configs: [{ url: 'http://${receiver}/' }] }]
`;
/** Gossip is quick and settles at once; a second replica waits so long for the first to notify. */
const PEER_TIMEOUT_SECONDS = 2;
const GOSSIP = [
  '--cluster.gossip-interval=50ms',
  '--cluster.pushpull-interval=1s',
  '--cluster.settle-timeout=10s',
  '--cluster.probe-interval=500ms',
  '--cluster.probe-timeout=200ms',
  '--cluster.reconnect-interval=500ms',
  `--cluster.peer-timeout=${PEER_TIMEOUT_SECONDS}s`,
];
/** Longer than a scrape, an evaluation, group_wait, group_interval and every wait for a peer together. */
const QUIET_MS = 8_000;

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-high-availability-'));
const servers: Server[] = [];
/** What is said of each is 1 while it burns, and 0 before and after. */
const NAMES = ['first', 'second', 'third'];
const burning = new Set<string>();
/** `x firing`, in the order in which they came. */
const told: string[] = [];
const routers: Array<RouterProcess | undefined> = [];
const guards: Array<EngineProcess | undefined> = [];
let target: string;
let receiver: string;
let ports: number[];
let gossipPorts: number[];

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startAlertmanager(replica: number): Promise<void> {
  const [own, other] = [gossipPorts[replica], gossipPorts[1 - replica]];
  const cluster = [
    `--cluster.listen-address=127.0.0.1:${own}`,
    `--cluster.advertise-address=127.0.0.1:${own}`,
    `--cluster.peer=127.0.0.1:${other}`,
    ...GOSSIP,
  ];
  routers[replica] = await startRouter('alertmanager', join(folder, `router-${replica}`), routing(receiver), {
    port: ports[replica]!,
    cluster,
  });
}

async function startGuard(replica: number): Promise<void> {
  const addresses = ports.map(port => `127.0.0.1:${port}`);
  guards[replica] = await startEngine('slo-guard', {
    folder: join(folder, `guard-${replica}`),
    config: prometheusConfig(`g${replica}`, target, addresses),
    files: { 'rules.yml': RULES },
    flags: ['--rules.alert.resend-delay=1s', '--rules.alert.for-grace-period=1s'],
  });
}

function killGuard(replica: number): void {
  process.kill(guards[replica]!.pid, 'SIGKILL');
  guards[replica] = undefined;
}

/** Both see each other. */
const clustered = () =>
  eventually('a cluster of two', 40, async () => {
    const isWhole = async (router: RouterProcess | undefined) => {
      const answer = await fetch(`http://${router!.address}/api/v2/status`);
      const { cluster } = (await answer.json()) as { cluster: { status: string; peers: unknown[] } };
      return cluster.status === 'ready' && cluster.peers.length === 2;
    };
    return (await Promise.all(routers.map(isWhole))).every(each => each) || undefined;
  });

beforeAll(async () => {
  target = await listen((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(NAMES.map(name => `burning{name="${name}"} ${burning.has(name) ? 1 : 0}\n`).join(''));
  });
  receiver = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end();
    const { alerts, groupLabels, status } = JSON.parse(body);
    told.push(`${groupLabels.name} ${status}${alerts.length === 1 ? '' : ` ${alerts.length} alerts`}`);
  });
  ports = [await freePort(), await freePort()];
  gossipPorts = [await freePort(), await freePort()];
  await Promise.all([0, 1].map(startAlertmanager));
  await Promise.all([clustered(), ...[0, 1].map(startGuard)]);
});
afterAll(async () => {
  await Promise.all([...guards, ...routers].map(each => each?.stop()));
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** What comes, once it has come and long after; nothing else may. */
async function expectTold(...lines: string[]): Promise<void> {
  if (lines.length > 0)
    await eventually(lines.join(', '), 30, async () => told.length >= lines.length || undefined);
  await sleep(QUIET_MS);
  expect(told.splice(0).sort()).toEqual(lines);
}

it('two guards and two Alertmanagers tell everything once, whichever of them dies', {
  timeout: 240_000,
}, async () => {
  burning.add('first');
  await expectTold('first firing');

  // A guard dies: what fires goes on firing, and what is new is told by the other.
  killGuard(0);
  burning.add('second');
  await expectTold('second firing');
  burning.delete('first');
  await expectTold('first resolved');

  // An Alertmanager dies as well: the other tells alone what is new, and knows what was told.
  await routers[0]!.kill();
  routers[0] = undefined;
  burning.add('third');
  await expectTold('third firing');

  // Both come back, with nothing to add.
  await Promise.all([startAlertmanager(0), startGuard(0)]);
  await clustered();
  await expectTold();

  // The others die: what came back has all that it needs.
  killGuard(1);
  await routers[1]!.kill();
  routers[1] = undefined;
  burning.clear();
  await expectTold('second resolved', 'third resolved');
});
