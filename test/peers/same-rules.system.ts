import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually, freePortsByName, getJson } from '../story/support.ts';
import { peer } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-peers-'));
const processes: ChildProcess[] = [];
let ours: string;
let theirs: string;

/** When the counters begin to grow: after the first scrapes of both. */
const QUIET_SECONDS = 12;
/** How long requests succeed, and then fail, 100 a second; the counters stand still afterwards. */
const PHASE_SECONDS = 8;

function expositions(startedAt: number): string {
  const seconds = (performance.now() - startedAt) / 1000 - QUIET_SECONDS;
  const grown = (from: number) => Math.min(PHASE_SECONDS, Math.max(0, seconds - from)) * 100;
  const good = grown(0);
  const bad = grown(PHASE_SECONDS);
  const labels = (service: string, status: string) =>
    `endpoint="${service === 'service_a' ? '/work' : '/compute'}",method="GET",status="${status}"`;
  const family = (service: string) => `# TYPE ${service}_requests_total counter
${service}_requests_total{${labels(service, 'success')}} ${Math.floor(good)}
${service}_requests_total{${labels(service, 'error')}} ${Math.floor(bad)}
`;
  return family('service_a') + family('service_b');
}

const target = createServer((_request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
  response.end(expositions(startedAt));
});
const startedAt = performance.now();

/** Which engine ended before the test did, with the last it printed. */
const endedEarly: string[] = [];

function start(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = `${printed}${text}`.slice(-2_000);
    });
  }
  child.once('exit', code => endedEarly.push(`${command} ended with ${code}: ${printed}`));
  processes.push(child);
}

beforeAll(async () => {
  await new Promise<void>(resolve => target.listen(0, '127.0.0.1', resolve));
  const { port } = target.address() as AddressInfo;
  const ports = await freePortsByName();
  // Both engines load the committed rule files, byte for byte.
  for (const name of ['rules.yml', 'watch.yml'])
    writeFileSync(join(folder, name), readFileSync(join(root, 'deploy/prometheus', name)));
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml, watch.yml]
scrape_configs:
  - job_name: service_a
    static_configs: [{ targets: ['127.0.0.1:${port}'], labels: { service: service_a } }]
`,
  );
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    "route: { receiver: none }\nreceivers: [{ name: none, webhook_configs: [{ url: 'http://127.0.0.1:1/' }] }]\n",
  );
  ours = `http://127.0.0.1:${ports.prometheus}`;
  theirs = `http://127.0.0.1:${ports.console}`;
  const off = ['otlp-grpc', 'otlp-http', 'jaeger', 'console'].flatMap(name => [`--${name}-port`, 'off']);
  start(process.execPath, [
    join(root, 'packages/guard/bin/slo-guard.js'),
    'serve',
    ...[
      '--prometheus-config',
      'prometheus.yml',
      '--alertmanager-config',
      'alertmanager.yml',
      '--data-dir',
      'ours',
    ],
    ...[
      '--prometheus-port',
      String(ports.prometheus),
      '--alertmanager-port',
      String(ports.alertmanager),
      ...off,
    ],
  ]);
  start(peer('prometheus'), [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=theirs',
    `--web.listen-address=127.0.0.1:${ports.console}`,
    '--enable-feature=exemplar-storage',
  ]);
});

beforeEach(() => expect(endedEarly).toEqual([]));

afterAll(async () => {
  await Promise.all(
    processes.map(child => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined;
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      return ended;
    }),
  );
  target.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Rules {
  readonly data: {
    readonly groups: readonly {
      readonly name: string;
      readonly interval: number;
      readonly rules: readonly {
        readonly name: string;
        readonly query: string;
        readonly labels: object;
        readonly health: string;
        readonly type: string;
        readonly duration?: number;
        readonly annotations?: object;
      }[];
    }[];
  };
}

/** What both say of their rules, without the times of their own evaluations. */
async function rulesOf(base: string) {
  const { data } = await getJson<Rules>(`${base}/api/v1/rules`);
  return data.groups.map(({ name, interval, rules }) => ({
    name,
    interval,
    rules: rules.map(({ name: rule, query, labels, type, duration, annotations }) => ({
      rule,
      query,
      labels,
      type,
      duration,
      annotations,
    })),
  }));
}

async function firing(base: string): Promise<string[]> {
  const { data } = await getJson<{ data: { alerts: { state: string; labels: Record<string, string> }[] } }>(
    `${base}/api/v1/alerts`,
  );
  return data.alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels }) => JSON.stringify(Object.entries(labels).sort()))
    .sort();
}

it('shows the same rules as the real Prometheus, queries printed alike', async () => {
  const expected = await eventually('the real Prometheus', 20, () => rulesOf(theirs));
  expect(expected.length).toBeGreaterThan(4);
  expect(await eventually('the guard', 20, () => rulesOf(ours))).toEqual(expected);
});

it('evaluates every rule without error in both', async () => {
  for (const base of [ours, theirs]) {
    await eventually(`healthy rules of ${base}`, 90, async () => {
      const { data } = await getJson<Rules>(`${base}/api/v1/rules`);
      return data.groups.every(({ rules }) => rules.every(({ health }) => health === 'ok')) || undefined;
    });
  }
});

it('fires the same alerts with the same labels', async () => {
  const wanted = await eventually('the page in the real Prometheus', 60, async () => {
    const alerts = await firing(theirs);
    return alerts.some(text => text.includes('SLOServiceAErrorBudgetBurnFast')) &&
      alerts.some(text => text.includes('ServiceBHighErrorRate'))
      ? alerts
      : undefined;
  });
  await eventually('the same alerts in the guard', 30, async () => {
    const alerts = await firing(ours);
    return JSON.stringify(alerts) === JSON.stringify(wanted) || undefined;
  });
});

it('records the same burn rate once the counters stand still', async () => {
  const burn = async (base: string) => {
    const { data } = await getJson<{ data: { result: { value: [number, string] }[] } }>(
      `${base}/api/v1/query?query=service_a:burn_rate:5m`,
    );
    return Number(data.result[0]!.value[1]);
  };
  // As many requests failed as succeeded: an error ratio of 1/2 is a burn rate of 50 at 99 %.
  const [a, b] = await eventually('equal burn rates', 30, async () => {
    const rates = await Promise.all([burn(ours), burn(theirs)]);
    return rates[0] === rates[1] ? rates : undefined;
  });
  expect(a).toBe(b);
  expect(a).toBeCloseTo(50, 6);
});
