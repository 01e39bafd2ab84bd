import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** What a query may add to the delay of an evaluation or a notification, in milliseconds (docs/architecture.md). */
const ALLOWED_MS = 100;
const MEASURE_MS = 10_000;
const TRIES = 3;

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-isolation-'));
const arrivals: number[] = [];
let receiver: Server;
let guard: ChildProcess;
let prometheus: string;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    arrivals.push(performance.now());
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  writeFileSync(
    join(folder, 'prometheus.yml'),
    'global: { evaluation_interval: 1s }\nrule_files: [rules.yml]\n',
  );
  writeFileSync(
    join(folder, 'rules.yml'),
    'groups:\n  - name: tick\n    rules:\n      - { record: tick, expr: time() }\n      - { alert: Always, expr: vector(1) }\n',
  );
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    `route: { receiver: hook, group_wait: 0s, group_interval: 500ms, repeat_interval: 1ms }
receivers: [{ name: hook, webhook_configs: [{ url: 'http://127.0.0.1:${port}/' }] }]\n`,
  );
  const off = ['otlp-grpc', 'otlp-http', 'jaeger', 'console'].flatMap(name => [`--${name}-port`, 'off']);
  guard = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../../bin/slo-guard.js'),
      'serve',
      ...[
        '--prometheus-config',
        join(folder, 'prometheus.yml'),
        '--alertmanager-config',
        join(folder, 'alertmanager.yml'),
      ],
      ...['--data-dir', join(folder, 'data'), '--prometheus-port', '0', '--alertmanager-port', '0', ...off],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = await new Promise<string>(resolve =>
    guard.stdout!.once('data', data => resolve(String(data))),
  );
  prometheus = `http://${(JSON.parse(line) as { addresses: { prometheus: string } }).addresses.prometheus}`;
  await sleep(3_000);
});

afterAll(async () => {
  const ended = new Promise(resolve => guard.once('exit', resolve));
  guard.kill('SIGTERM');
  await ended;
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How long after its due time each evaluation was seen to be done, at most. */
async function worstEvaluation(until: number): Promise<number> {
  let worst = 0;
  let last = '';
  while (performance.now() < until) {
    const response = await fetch(`${prometheus}/api/v1/rules`);
    const { data } = (await response.json()) as { data: { groups: { lastEvaluation: string }[] } };
    const { lastEvaluation } = data.groups[0]!;
    if (last !== '' && lastEvaluation !== last)
      worst = Math.max(worst, Date.now() - Date.parse(lastEvaluation));
    last = lastEvaluation;
    await sleep(5);
  }
  return worst;
}

/** How much longer than usual the longest gap between two notifications was. */
function worstGap(from: number): number {
  const seen = arrivals.filter(at => at >= from);
  const gaps = seen.slice(1).map((at, i) => at - seen[i]!);
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
  return Math.max(...gaps) - usual;
}

interface Delays {
  readonly evaluation: number;
  readonly notification: number;
  readonly notifications: number;
}

async function measure(): Promise<Delays> {
  const from = performance.now();
  const evaluation = await worstEvaluation(from + MEASURE_MS);
  return {
    evaluation,
    notification: worstGap(from),
    notifications: arrivals.filter(at => at >= from).length,
  };
}

/** A query that would take far longer than its timeout of ten seconds. */
async function slowQuery(): Promise<{ seconds: number; errorType: string }> {
  const startedAt = performance.now();
  const heavy = 'quantile_over_time(0.5, vector(1)[1h:1s])';
  const end = Math.floor(Date.now() / 1000);
  const params = new URLSearchParams({
    query: Array.from({ length: 20 }, () => heavy).join(' + '),
    start: String(end - 10_000),
    end: String(end),
    step: '1',
    timeout: `${MEASURE_MS}ms`,
  });
  const response = await fetch(`${prometheus}/api/v1/query_range?${params}`);
  const { errorType } = (await response.json()) as { errorType: string };
  return { seconds: (performance.now() - startedAt) / 1000, errorType };
}

it('delays no evaluation and no notification by more than 100 ms while a query runs for ten seconds', async () => {
  const seen: string[] = [];
  // A noisy machine can delay anything once; the claim holds when one of the tries shows it.
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const quiet = await measure();
    const [busy, query] = await Promise.all([measure(), slowQuery()]);
    expect(query).toMatchObject({ errorType: 'timeout' });
    expect(query.seconds).toBeGreaterThan(MEASURE_MS / 1000 - 1);
    expect(Math.min(quiet.notifications, busy.notifications)).toBeGreaterThan(8);
    seen.push(`quiet ${JSON.stringify(quiet)}, during the query ${JSON.stringify(busy)}`);
    const added = Math.max(busy.evaluation - quiet.evaluation, busy.notification - quiet.notification);
    if (added <= ALLOWED_MS) {
      console.log(seen.at(-1));
      return;
    }
  }
  expect.fail(seen.join('\n'));
});
