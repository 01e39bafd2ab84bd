import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import * as kinds from '../kill/kinds.ts';
import { nothingLost, startLoad } from '../kill/load.ts';
import { drillFile } from '../story/drill.ts';
import { eventually, getJson, shell } from '../story/support.ts';
import type { Engine } from './engine.ts';
import type { Project } from './project.ts';
import { allScraped, allWell, query, servicesOf } from './running.ts';

const root = join(import.meta.dirname, '../..');

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly User: string };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly Memory: number;
    readonly RestartPolicy: { readonly Name: string };
    readonly CapDrop: readonly string[];
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>>;
  };
}

/** As the engine has them, not only as the files say. */
export async function areConfined(engine: Engine, project: Project): Promise<void> {
  const ids = (await project.compose('ps --quiet')).trim().split('\n');
  const containers = JSON.parse(await engine.docker('inspect', ...ids)) as Inspected[];
  for (const { Name, Config, HostConfig } of containers) {
    expect(HostConfig, Name).toMatchObject({
      ReadonlyRootfs: true,
      RestartPolicy: { Name: 'unless-stopped' },
      CapDrop: ['ALL'],
    });
    expect(HostConfig.Memory, Name).toBeGreaterThan(0);
    expect(Config.User, Name).toMatch(/^(node|[1-9]\d*:[1-9]\d*)$/);
    const hosts = Object.values(HostConfig.PortBindings).flatMap(bound => bound.map(({ HostIp }) => HostIp));
    expect(new Set(hosts), Name).toEqual(new Set(['127.0.0.1']));
  }
}

interface Notification {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

const received = async (project: Project, alertname: string, status: string) => {
  const { notifications } = await getJson<{ notifications: Notification[] }>(
    project.url('webhook-receiver', '/api/notifications'),
  );
  return notifications.find(one => one.labels.alertname === alertname && one.status === status);
};

export async function failAndRecover(project: Project): Promise<void> {
  const command = (mode: string) =>
    `curl -s -X POST http://localhost:8002/admin/failmode -d '{"mode": "${mode}"}'`;
  await shell(command('error'), project.ports);
  expect((await fetch(project.url('service_a', '/work'))).status).toBe(502);
  await shell(command('none'), project.ports);
  expect((await fetch(project.url('service_a', '/work'))).status).toBe(200);
}

/** The article's own commands, until the page. The traffic before them dilutes their hundred failures: it takes more. */
export async function injectAndPage(project: Project): Promise<void> {
  const injected = await shell(
    `curl -s -X POST http://localhost:8002/admin/failmode \\
      -H "Content-Type: application/json" \\
      -d '{"mode": "error", "error_rate": 1.0}'`,
    project.ports,
  );
  expect(JSON.parse(injected)).toMatchObject({ mode: 'error', error_rate: 1 });
  await eventually('the page', 180, async () => {
    await shell(
      'for i in $(seq 1 100); do curl -s http://localhost:8001/work > /dev/null; done',
      project.ports,
    );
    return received(project, 'SLOServiceAErrorBudgetBurnFast', 'firing');
  });
  const reset = await shell(
    `curl -s -X POST http://localhost:8002/admin/failmode -d '{"mode": "none"}'`,
    project.ports,
  );
  expect(JSON.parse(reset)).toMatchObject({ mode: 'none' });
}

/** Those that containers alone can have: what is mounted, and what is stopped. */
export async function namesBrokenHops(project: Project, checkout: string): Promise<void> {
  const article = join(root, 'drills/article.yaml');
  const rules = join(checkout, 'deploy/prometheus/rules.yml');
  renameSync(rules, `${rules}.away`);
  try {
    await project.compose('kill --signal SIGHUP prometheus');
    await eventually('no rules of objectives', 30, async () => {
      const { data } = await getJson<{ data: { groups: { file: string }[] } }>(
        project.url('prometheus', '/api/v1/rules'),
      );
      return !data.groups.some(({ file }) => file.endsWith('/rules.yml')) || undefined;
    });
    const { code, report, output } = await drillFile(project.ports, article);
    expect(code, output).toBe(1);
    expect(report?.diagnosis, output).toMatchObject({
      hop: 'metrics store → recording rules',
      cause: 'rule-missing',
    });
  } finally {
    renameSync(`${rules}.away`, rules);
  }
  await project.compose('stop --timeout 2 webhook-receiver');
  const { code, output } = await drillFile(project.ports, article);
  expect(code).toBe(2);
  expect(output).toContain('broken hop: Alertmanager → receiver: the receiver does not answer');
}

/** The guard and the receiver, killed while they acknowledge: all of it is there afterwards. */
export async function killUnderLoad(project: Project): Promise<void> {
  const surfaces = {
    alertmanager: project.url('alertmanager'),
    otlpHttp: project.url('otlp_http'),
    jaeger: project.url('jaeger'),
    receiver: project.url('webhook-receiver'),
  };
  const samples = 'sum(count_over_time(service_a_requests_total[1h]))';
  const load = startLoad({
    spans: kinds.spans(surfaces),
    alerts: kinds.alerts(surfaces),
    silences: kinds.silences(surfaces),
    deliveries: kinds.deliveries(surfaces),
  });
  const acknowledges = (count: number) =>
    eventually(
      'a load',
      60,
      async () => Object.values(load.acknowledged()).every(many => many >= count) || undefined,
    );
  await acknowledges(50);
  const [scraped] = await query(project, samples);
  for (const name of ['guard', 'webhook-receiver']) await project.compose(`kill --signal SIGKILL ${name}`);
  await project.compose('up -d guard webhook-receiver');
  await allWell(project, 60);
  await acknowledges(100);
  expect((await query(project, samples))[0]).toBeGreaterThanOrEqual(scraped!);
  expect(nothingLost(await load.tally(), 100)).toEqual([]);
}

export async function joinedTrace(project: Project): Promise<void> {
  await eventually('a trace with both services', 30, async () => {
    const { data } = await getJson<{ data: { processes: Record<string, { serviceName: string }> }[] }>(
      project.url('jaeger', '/api/traces?service=service_a&limit=20'),
    );
    const joined = data.some(
      ({ processes }) => new Set(Object.values(processes).map(({ serviceName }) => serviceName)).size === 2,
    );
    return joined || undefined;
  });
}

/** Kills every container once, with what it must still know afterwards. */
export async function killEach(project: Project): Promise<void> {
  const [before] = await query(project, 'sum(max_over_time(service_a_requests_total[1h]))');
  const { silenceID } = (await (
    await fetch(project.url('alertmanager', '/api/v2/silences'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        matchers: [{ name: 'alertname', value: 'None', isRegex: false, isEqual: true }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        createdBy: 'test',
        comment: 'must survive',
      }),
    })
  ).json()) as { silenceID: string };
  // Alertmanager writes its silences every 15 minutes and when it is told to end.
  await project.compose('restart --timeout 5 alertmanager');
  const services = await servicesOf(project);
  const load = startLoad({ deliveries: kinds.deliveries({ receiver: project.url('webhook-receiver') }) });
  await eventually('a load', 60, async () => load.acknowledged().deliveries! >= 50 || undefined);
  for (const name of services) await project.compose(`kill --signal SIGKILL ${name}`);
  // What was killed by hand stays down, whatever the restart policy says.
  await project.compose(`up -d ${services.join(' ')}`);
  await allWell(project, 120);
  expect(nothingLost(await load.tally(), 50)).toEqual([]);
  expect(await received(project, 'SLOServiceAErrorBudgetBurnFast', 'firing')).toBeDefined();
  const { status } = await getJson<{ status: { state: string } }>(
    project.url('alertmanager', `/api/v2/silence/${silenceID}`),
  );
  expect(status.state).toBe('active');
  const [after] = await query(project, 'sum(max_over_time(service_a_requests_total[1h]))');
  expect(after).toBeGreaterThanOrEqual(before!);
  await allScraped(project, 60);
}
