import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadStack, type Stack, withPorts } from '../../packages/guard/src/stack/index.ts';
import { renderAlertmanagerConfig } from '../../packages/guard/src/stack/render-alertmanager.ts';
import { renderPrometheusConfig } from '../../packages/guard/src/stack/render-prometheus.ts';
import { eventually, freePortsByName, getJson, type Ports } from '../story/support.ts';
import { type Program, type RunningPrograms, startPrograms } from '../swap/programs.ts';
import {
  alertmanagerProgram,
  guardProgram,
  IMPATIENT,
  prometheusProgram,
  receiverProgram,
  root,
  startListener,
} from './support.ts';

/** Short, so that what takes minutes takes seconds; the relation of the two is that of stack.yaml. */
const INTERVAL = 2_000;
const LATE_AFTER = 8_000;
const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-heartbeat-'));
const started: RunningPrograms[] = [];
let ports: Ports;
let listener: Awaited<ReturnType<typeof startListener>>;

async function start(...programs: Program[]): Promise<RunningPrograms> {
  const running = await startPrograms(programs, folder);
  started.push(running);
  return running;
}

const receiver = (): Program =>
  receiverProgram(ports['webhook-receiver'], join(folder, 'receiver'), {
    DEADMAN_INTERVAL_SECONDS: String(INTERVAL / 1000),
    DEADMAN_LATE_AFTER_SECONDS: String(LATE_AFTER / 1000),
    DEADMAN_WEBHOOK_URL: `http://127.0.0.1:${listener.port}/outgoing`,
  });

/** What `up` renders, for both engines; the real one lists its Alertmanager and scrapes it. */
function writeConfiguration({ prometheus, alertmanager }: Ports, isReal: boolean): void {
  const described = loadStack('stack.yaml', readFileSync(join(root, 'stack.yaml'), 'utf8'));
  const { intervals } = described;
  const stack: Stack = {
    ...withPorts(described, { ...ports, prometheus, alertmanager }),
    watchdog: { interval: INTERVAL, lateAfter: LATE_AFTER },
    intervals: { ...intervals, scrape: 1_000, evaluation: 1_000 },
  };
  const config = parse(renderPrometheusConfig(stack, 'embedded', { ruleFiles: ['watch.yml'] }));
  if (isReal) {
    const routers = [{ targets: [`127.0.0.1:${alertmanager}`] }];
    config.alerting = { alertmanagers: [{ static_configs: routers }] };
    config.scrape_configs.push({ job_name: 'alertmanager', static_configs: routers });
  }
  writeFileSync(join(folder, 'watch.yml'), IMPATIENT);
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  writeFileSync(join(folder, 'alertmanager.yml'), renderAlertmanagerConfig(stack, 'embedded'));
}

beforeAll(async () => {
  [ports, listener] = await Promise.all([freePortsByName(), startListener()]);
  await start(receiver());
});

afterAll(async () => {
  for (const running of started.toReversed()) await running.stop();
  await listener.stop();
  rmSync(folder, { recursive: true, force: true });
});

const receiverUrl = (path: string) => `http://127.0.0.1:${ports['webhook-receiver']}${path}`;
const page = async () => (await fetch(receiverUrl('/'))).text();

/** The value of one of the receiver's series. */
async function metric(series: string): Promise<number> {
  const text = await (await fetch(receiverUrl('/metrics'))).text();
  const line = text.split('\n').find(each => each.startsWith(`${series} `));
  return Number(line?.split(' ')[1]);
}
const beats = () => metric('deadman_heartbeats_total{outcome="accepted"}');
const becomes = (state: string, seconds: number) =>
  eventually(state, seconds, async () => {
    if ((await metric(`deadman_state{state="${state}"}`)) !== 1) return undefined;
    return getJson<{ lastSeenAt: number; lateSince: number }>(receiverUrl('/api/heartbeat'));
  });
const outgoing = () => listener.told.map(({ alertname, status }) => `${alertname} ${status}`);

/** Heartbeats in ten intervals, or however many it slept: as many as there should be, not every other one. */
async function expectSteadyBeat(): Promise<void> {
  await becomes('alive', 30);
  const before = await beats();
  const start = performance.now();
  await sleep(10 * INTERVAL);
  const count = (await beats()) - before;
  const intervals = (performance.now() - start) / INTERVAL;
  expect(count).toBeGreaterThanOrEqual(intervals - 2);
  expect(count).toBeLessThanOrEqual(intervals + 1);
}

/** Nothing of the heartbeat, in a list that holds something. */
async function expectNoIncident(url: string): Promise<void> {
  const text = await eventually('a notification', 20, async () => {
    const answer = await (await fetch(url)).text();
    return answer.includes('TargetUnreachable') ? answer : undefined;
  });
  expect(text).not.toContain('Watchdog');
}

/** The demo's services do not run here, which is the only failure there is. */
async function expectNoFalseAlarm(prometheus: number): Promise<void> {
  const { data } = await getJson<{ data: { alerts: { labels: { alertname: string; job: string } }[] } }>(
    `http://127.0.0.1:${prometheus}/api/v1/alerts`,
  );
  expect(data.alerts.map(({ labels }) => `${labels.alertname} ${labels.job ?? ''}`).sort()).toEqual([
    'TargetUnreachable service_a',
    'TargetUnreachable service_b',
    'Watchdog ',
  ]);
}

async function screenshot(name: string, text: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: BROWSER_FLAGS });
  try {
    const tab = await browser.newPage({ viewport: { width: 1000, height: 400 } });
    const problems: string[] = [];
    tab.on('console', message => message.type() === 'error' && problems.push(message.text()));
    await tab.goto(receiverUrl('/'));
    expect(await tab.getByRole('status').innerText()).toContain(text);
    if (process.env.SCREENSHOTS) await tab.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }
}

/** Lets what beats be killed, and sees the receiver tell it on every way; then the same for its return. */
async function expectOutageOf(kill: () => void, restart: () => Promise<unknown>, name: string) {
  const told = listener.told.length;
  kill();
  const { lastSeenAt, lateSince } = await becomes('late', LATE_AFTER / 1000 + 5);
  expect(lateSince - lastSeenAt).toBeGreaterThanOrEqual(LATE_AFTER - 50);
  expect(lateSince - lastSeenAt).toBeLessThan(LATE_AFTER + 1_000);
  expect(await page()).toContain('<span class="firing">late</span>');
  await screenshot(`heartbeat-late-${name}`, 'late');
  await eventually('the outgoing page', 5, async () => listener.told.length > told || undefined);
  await restart();
  await becomes('alive', 30);
  await eventually('the outgoing recovery', 5, async () => listener.told.length > told + 1 || undefined);
  expect(outgoing().slice(told)).toEqual(['WatchdogMissing firing', 'WatchdogMissing resolved']);
  await screenshot(`heartbeat-alive-${name}`, 'alive');
}

describe('the heartbeat', () => {
  it('of the embedded stack comes steadily, and is an incident nowhere', { timeout: 120_000 }, async () => {
    writeConfiguration(ports, false);
    const guard = await start(guardProgram(ports));
    await expectSteadyBeat();
    const base = (name: keyof Ports, path: string) => `http://127.0.0.1:${ports[name]}${path}`;
    await expectNoFalseAlarm(ports.prometheus);
    const shown = await getJson<{ alerts: { alertname: string }[] }>(base('console', '/api/alerts'));
    expect(shown.alerts.map(({ alertname }) => alertname)).not.toContain('Watchdog');
    await expectNoIncident(base('console', '/api/notifications'));
    await expectNoIncident(receiverUrl('/api/notifications'));

    await expectOutageOf(
      () => process.kill(guard.pids.get('slo-guard')!, 'SIGKILL'),
      () => start(guardProgram(ports)),
      'embedded',
    );
    await started.pop()!.stop();
  });

  it('of the real Prometheus and Alertmanager keeps the same receiver', { timeout: 120_000 }, async () => {
    const others = await freePortsByName();
    writeConfiguration(others, true);
    const router = await start(alertmanagerProgram(others.alertmanager));
    await start(prometheusProgram(others.prometheus));
    await expectSteadyBeat();
    await expectNoFalseAlarm(others.prometheus);
    expect(await metric('deadman_heartbeats_total{outcome="invalid"}')).toBe(0);
    await expectOutageOf(
      () => process.kill(router.pids.get('alertmanager')!, 'SIGKILL'),
      () => start(alertmanagerProgram(others.alertmanager)),
      'real',
    );
    await expectNoIncident(receiverUrl('/api/notifications'));
  });
});
