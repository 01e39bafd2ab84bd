import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Expr, parseExpr, walkExpr } from '../../packages/guard/src/promql/index.ts';
import { beatOf } from '../../services/webhook-receiver/src/deadman/receiver.testing.ts';
import { eventually, freePortsByName, type Ports } from '../story/support.ts';
import { type RunningPrograms, startPrograms } from '../swap/programs.ts';
import {
  alertmanagerProgram,
  guardProgram,
  IMPATIENT,
  prometheusProgram,
  receiverProgram,
  root,
  startListener,
  WATCH_YML,
} from './support.ts';

/** What watches is ours or theirs; the same failures are forced on both. */
const ENGINES = ['ours', 'theirs'] as const;
type EngineSide = (typeof ENGINES)[number];

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-own-failures-'));
const RECEIVER_FOLDER = join(folder, 'receiver');
const running: Partial<Record<EngineSide, RunningPrograms>> = {};
/** Scraped by both. */
let receiver: RunningPrograms | undefined;
const ports = {} as Record<EngineSide, Ports>;
let listener: Awaited<ReturnType<typeof startListener>>;

/** A rule whose results have the same labels, and an alert whose receiver refuses it. */
const BROKEN = `groups:
  - name: broken
    rules:
      - { record: twice, expr: '{__name__=~"up|scrape_duration_seconds"}' }
      - { alert: Doomed, expr: vector(1) }
`;

function prometheusYml(side: EngineSide): string {
  const { prometheus, alertmanager } = ports[side];
  const routers = side === 'ours' ? '' : `, { static_configs: [{ targets: ['127.0.0.1:${alertmanager}'] }] }`;
  const targets = {
    engine: prometheus,
    ...(side === 'theirs' && { router: alertmanager }),
    heartbeats: ports.ours['webhook-receiver'],
    dead: 1,
  };
  return `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [watch.yml, broken.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:1'] }] }${routers}] }
scrape_configs:
${Object.entries(targets)
  .map(([job, port]) => `  - { job_name: ${job}, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }`)
  .join('\n')}
`;
}

const alertmanagerYml = (side: EngineSide) => `route:
  receiver: told
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
  routes: [{ receiver: refusing, matchers: ['alertname="Doomed"'] }]
receivers:
  - { name: told, webhook_configs: [{ url: 'http://127.0.0.1:${listener.port}/${side}' }] }
  - { name: refusing, webhook_configs: [{ url: 'http://127.0.0.1:${listener.port}/refuse' }] }
`;

beforeAll(async () => {
  listener = await startListener();
  for (const side of ENGINES) ports[side] = await freePortsByName();
  receiver = await startPrograms([receiverProgram(ports.ours['webhook-receiver'], RECEIVER_FOLDER)], folder);
  await Promise.all(
    ENGINES.map(async side => {
      const own = join(folder, side);
      mkdirSync(own);
      writeFileSync(join(own, 'watch.yml'), IMPATIENT);
      writeFileSync(join(own, 'broken.yml'), BROKEN);
      writeFileSync(join(own, 'prometheus.yml'), prometheusYml(side));
      writeFileSync(join(own, 'alertmanager.yml'), alertmanagerYml(side));
      cpSync(join(root, 'slos'), join(own, 'slos'), { recursive: true });
      const programs =
        side === 'ours'
          ? [
              guardProgram(ports.ours, [
                '--also-route-embedded',
                '--web.enable-remote-write-receiver',
                '--slos=slos',
              ]),
            ]
          : [alertmanagerProgram(ports.theirs.alertmanager), prometheusProgram(ports.theirs.prometheus)];
      running[side] = await startPrograms(programs, own);
    }),
  );
}, 120_000);

afterAll(async () => {
  await Promise.all([...ENGINES.map(side => running[side]?.stop()), receiver?.stop()]);
  await listener.stop();
  rmSync(folder, { recursive: true, force: true });
});

const pidOf = (side: EngineSide) => running[side]!.pids.get(side === 'ours' ? 'slo-guard' : 'prometheus')!;

const isTold = (side: EngineSide, alert: string) =>
  listener.told.some(
    ({ path, alertname, status }) => path === `/${side}` && alertname === alert && status === 'firing',
  );

/** Waits until the receiver was told of each; those that stay away are named. */
async function toldOf(side: EngineSide, alerts: readonly string[], seconds: number): Promise<void> {
  await eventually(`${alerts} of ${side}`, seconds, async () => {
    const missing = alerts.filter(alert => !isTold(side, alert));
    if (missing.length > 0) throw new Error(`not told of ${missing}`);
    return true;
  });
}

/** What the shipped rules select: a metric, and the labels as exposition writes them. */
function selectors() {
  const found: { name: string; labels: string[] }[] = [];
  const { groups } = parse(WATCH_YML) as { groups: { rules: { expr: string }[] }[] };
  for (const { expr } of groups.flatMap(group => group.rules)) {
    walkExpr(parseExpr(expr), (node: Expr) => {
      if (node.type !== 'vector') return;
      const labels = node.matchers.filter(({ name }) => name !== '__name__');
      found.push({ name: node.name, labels: labels.map(({ name, value }) => `${name}="${value}"`) });
    });
  }
  return found;
}

const metricsOf = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

describe('the shipped rules on own failures', () => {
  it('name only metrics that one of the programs has, and label values that are there', async () => {
    const pages = {
      ours: await metricsOf(ports.ours.prometheus),
      theirs: `${await metricsOf(ports.theirs.prometheus)}${await metricsOf(ports.theirs.alertmanager)}`,
      receiver: await metricsOf(ports.ours['webhook-receiver']),
    };
    const lines = Object.values(pages).flatMap(text => text.split('\n'));
    const wanted = selectors().filter(({ name }) => name !== 'up');
    expect(wanted.length).toBeGreaterThan(15);
    const absent = wanted.filter(
      ({ name, labels }) =>
        !lines.some(
          line => /^[^ {]+/.exec(line)?.[0] === name && labels.every(label => line.includes(label)),
        ),
    );
    expect(absent).toEqual([]);
  });

  it.each(ENGINES)('fire for what is forced on %s: rules, sending, receivers, targets, files', async side => {
    expect(await eventually('the heartbeat', 30, async () => isTold(side, 'Watchdog') || undefined)).toBe(
      true,
    );
    // Long enough that ticks of every group fall into it.
    process.kill(pidOf(side), 'SIGSTOP');
    await sleep(4_000);
    process.kill(pidOf(side), 'SIGCONT');
    writeFileSync(join(folder, side, 'prometheus.yml'), 'global: { scrape_interval: never }\n');
    process.kill(pidOf(side), 'SIGHUP');
    const expected = [
      'RuleEvaluationFailing',
      'RuleEvaluationLate',
      'AlertsNotSent',
      'NotificationsFailing',
      'ConfigurationRefused',
      'TargetUnreachable',
    ];
    await toldOf(side, expected, 60);
    expect(isTold(side, 'StoreRefusingWrites')).toBe(false);
  });

  it('fire on both for a receiver of heartbeats that cannot write its state', async () => {
    // Where the new state is written before it takes the place of the old one.
    mkdirSync(join(RECEIVER_FOLDER, 'heartbeat.json.new'));
    await eventually('HeartbeatStateNotWritten', 30, async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.ours['webhook-receiver']}/heartbeat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(beatOf()),
      });
      expect(answer.status).toBe(200);
      return ENGINES.every(side => isTold(side, 'HeartbeatStateNotWritten')) || undefined;
    });
  });

  it.each(ENGINES)('fire while the store of %s takes nothing', async side => {
    limitFiles(side, '1024');
    if (side === 'ours') await postSpan();
    await toldOf(side, ['StoreRefusingWrites'], 60);
    limitFiles(side, 'unlimited');
  });

  it('fire for alert state and spans that ours could not write, once it counts again', async () => {
    await toldOf('ours', ['AlertStateNotWritten', 'SpansLost'], 60);
  });
});

/** A limit on the size of files stands for a full disk. */
function limitFiles(side: EngineSide, bytes: string): void {
  const flags = ['--pid', `${pidOf(side)}`, `--fsize=${bytes}:unlimited`];
  const { status, stderr } = spawnSync('prlimit', flags);
  expect(status, String(stderr)).toBe(0);
}

/** Whether it is taken or refused is not of interest here. */
async function postSpan(): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${ports.ours.otlp_http}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ONE_SPAN),
  });
  await answer.body?.cancel();
}

const ONE_SPAN = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 's' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: '0123456789abcdef0123456789abcdef',
              spanId: '0123456789abcdef',
              name: 'n',
              kind: 1,
              startTimeUnixNano: `${Date.now()}000000`,
              endTimeUnixNano: `${Date.now()}000000`,
            },
          ],
        },
      ],
    },
  ],
};
