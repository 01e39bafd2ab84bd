import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './guard.testing.ts';

/** A guard in a process of its own, a target that can go away, and a receiver that can be down. */
let folder: string;
let guard: ChildProcess | undefined;
let target: Server;
let receiver: Server;
let targetPort: number;
let receiverPort: number;
let delivered: { status: string; alertname: string }[];
let receiverStatus: number;
let stderr: string;

const listen = (server: Server, port = 0) =>
  new Promise<number>(resolve =>
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

const close = (server: Server) =>
  new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-process-'));
  delivered = [];
  receiverStatus = 200;
  stderr = '';
  target = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end('# TYPE demo gauge\ndemo 1\n');
  });
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', data => {
      body += data;
    });
    request.on('end', () => {
      response.statusCode = receiverStatus;
      if (receiverStatus === 200) {
        const { alerts } = JSON.parse(body) as {
          alerts: { status: string; labels: Record<string, string> }[];
        };
        delivered.push(...alerts.map(({ status, labels }) => ({ status, alertname: labels.alertname! })));
      }
      response.end();
    });
  });
  targetPort = await listen(target);
  receiverPort = await listen(receiver);
  writeFiles();
});

afterEach(async () => {
  if (guard && guard.exitCode === null && guard.signalCode === null) {
    const ended = new Promise(resolve => guard?.once('exit', resolve));
    guard.kill('SIGKILL');
    await ended;
  }
  guard = undefined;
  await Promise.all([close(target), close(receiver)]);
  rmSync(folder, { recursive: true, force: true });
});

function writeFiles(
  rules = 'groups: [{ name: demo, rules: [{ alert: TargetDown, expr: up == 0, for: 1s, labels: { severity: page } }] }]\n',
): void {
  writeFileSync(join(folder, 'rules.yml'), rules);
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [{ job_name: demo, static_configs: [{ targets: ['127.0.0.1:${targetPort}'] }] }]\n`,
  );
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route: { receiver: hook, group_by: [alertname], group_wait: 500ms, group_interval: 2s, repeat_interval: 1h }
receivers: [{ name: hook, webhook_configs: [{ url: 'http://127.0.0.1:${receiverPort}/' }] }]\n`,
  );
}

function spawnGuard(): ChildProcess {
  const ports = ['prometheus', 'alertmanager', 'otlp-http', 'jaeger'].flatMap(name => [
    `--${name}-port`,
    '0',
  ]);
  guard = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../../bin/slo-guard.js'),
      'serve',
      ...[
        '--prometheus-config',
        'prometheus.yml',
        '--alertmanager-config',
        'alertmanager.yml',
        '--data-dir',
        'data',
      ],
      ...ports,
      ...['--otlp-grpc-port', 'off', '--console-port', 'off'],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  guard.stderr?.on('data', data => {
    stderr += data;
  });
  return guard;
}

/** Starts a guard and gives its addresses. */
async function start(): Promise<Record<string, string>> {
  const child = spawnGuard();
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', data => resolve(String(data)));
    child.once('exit', code => reject(new Error(`exit code ${code}: ${stderr}`)));
  });
  return (JSON.parse(line) as { addresses: Record<string, string> }).addresses;
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  return (await response.json()) as T;
}

type Vector = { data: { result: { value: [number, string] }[] } };
type Alerts = { data: { alerts: { state: string; activeAt: string }[] } };

const firing = async (address: string | undefined) =>
  (await json<Alerts>(`http://${address}/api/v1/alerts`)).data.alerts.find(({ state }) => state === 'firing');

const wasTold = (status: string) =>
  delivered.filter(one => one.status === status && one.alertname === 'TargetDown').length;

describe('a guard process', { timeout: 90_000 }, () => {
  it('pages when a target is gone, and tells when it is back', async () => {
    const { prometheus } = await start();
    const up = async () =>
      (await json<Vector>(`http://${prometheus}/api/v1/query?query=up`)).data.result[0]?.value[1];
    await eventually(async () => (await up()) === '1');
    await close(target);
    await eventually(async () => (await up()) === '0');
    await eventually(() => wasTold('firing') === 1);
    await listen(target, targetPort);
    await eventually(() => wasTold('resolved') === 1);
  });

  it('delivers a page late rather than never when the receiver is down', async () => {
    await close(receiver);
    await close(target);
    const { prometheus } = await start();
    await eventually(async () => (await firing(prometheus)) !== undefined);
    receiverStatus = 500;
    await listen(receiver, receiverPort);
    // The router's own counter: attempts have failed by now, refused or with 500.
    await eventually(async () =>
      /alertmanager_notification_requests_failed_total\{[^}]*webhook[^}]*\} [1-9]/.test(
        await (await fetch(`http://${prometheus}/metrics`)).text(),
      ),
    );
    expect(wasTold('firing')).toBe(0);
    receiverStatus = 200;
    await eventually(() => wasTold('firing') === 1);
  });

  it('has its samples, its alerts and its spans again after kill -9, and pages no second time', async () => {
    await close(target);
    const first = await start();
    const span = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      name: 'work',
      kind: 2,
      startTimeUnixNano: String(Date.now() * 1_000_000),
      endTimeUnixNano: String((Date.now() + 5) * 1_000_000),
    };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'demo' } }] };
    const answer = await fetch(`http://${first['otlp-http']}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    });
    expect(answer.status).toBe(200);
    await eventually(() => wasTold('firing') === 1);
    // Alert state is stored from the third evaluation after a start on, as in Prometheus.
    await eventually(
      async () =>
        (await json<Vector>(`http://${first.prometheus}/api/v1/query?query=ALERTS_FOR_STATE`)).data.result
          .length > 0,
    );
    const before = await firing(first.prometheus);
    const samples = Number(
      (await json<Vector>(`http://${first.prometheus}/api/v1/query?query=count_over_time(up[5m])`)).data
        .result[0]?.value[1],
    );
    const killed = new Promise(resolve => guard?.once('exit', resolve));
    guard?.kill('SIGKILL');
    await killed;

    const second = await start();
    const count = await json<Vector>(
      `http://${second.prometheus}/api/v1/query?query=count_over_time(up[5m])`,
    );
    expect(Number(count.data.result[0]?.value[1])).toBeGreaterThanOrEqual(samples);
    const trace = await json<{ data: unknown[] }>(`http://${second.jaeger}/api/traces/${span.traceId}`);
    expect(trace.data).toHaveLength(1);
    // ALERTS_FOR_STATE holds whole seconds.
    const since = Math.floor(Date.parse(before?.activeAt ?? '') / 1000);
    await eventually(
      async () => Date.parse((await firing(second.prometheus))?.activeAt ?? '') / 1000 === since,
    );
    expect(wasTold('firing')).toBe(1);
  });

  it('reads its files anew on SIGHUP, and tells of a bad one while the old one goes on', async () => {
    await close(target);
    const { prometheus } = await start();
    const before = await eventually(() => firing(prometheus));
    const reloaded = async () =>
      /^prometheus_config_last_reload_successful (\d)$/m.exec(
        await (await fetch(`http://${prometheus}/metrics`)).text(),
      )?.[1];
    writeFiles('groups:\n  - name: demo\n    rules:\n      - alert: TargetDown\n        expr: sum(\n');
    guard?.kill('SIGHUP');
    await eventually(async () => (await reloaded()) === '0');
    expect(stderr).toMatch(/rules\.yml:5:\d+: /);
    expect(await firing(prometheus)).toEqual(before);
    writeFiles();
    guard?.kill('SIGHUP');
    await eventually(async () => (await reloaded()) === '1');
    expect(await firing(prometheus)).toEqual(before);
  });

  it('ends with 0 within five seconds of SIGTERM', async () => {
    await start();
    const startedAt = performance.now();
    const ended = new Promise(resolve => guard?.once('exit', resolve));
    guard?.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it.each([
    [
      'rules.yml',
      'groups:\n  - name: demo\n    rules:\n      - alert: A\n        expr: sum(\n',
      /rules\.yml:5:\d+: /,
    ],
    ['alertmanager.yml', 'route: { receiver: nobody }\nreceivers: []\n', /alertmanager\.yml:1:\d+: /],
    ['prometheus.yml', 'global: { scrape_intervall: 1s }\n', /prometheus\.yml:1:\d+: /],
  ])('refuses a broken %s with its place and exit code 2', async (file, text, place) => {
    writeFileSync(join(folder, file), text);
    const code = await new Promise(resolve => spawnGuard().once('close', resolve));
    expect(stderr).toMatch(place);
    expect(code).toBe(2);
  });
});
