import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as kinds from '../kill/kinds.ts';
import { nothingLost, startLoad } from '../kill/load.ts';
import { drillByUrls, drillFile } from '../story/drill.ts';
import { eventually, getJson, shell } from '../story/support.ts';
import { type Engine, startEngine } from './engine.ts';
import { checkOut, openProject, type Project, removeCheckout } from './project.ts';
import { provideGoImage, provideImages, provideNodeImage } from './stand-ins.ts';

const root = join(import.meta.dirname, '../..');
const say = (line: string) => console.log(`compose: ${line}`);

/** Of no binary that could be had here: its dashboards and provisioning are checked by tests of their own. */
const LEFT_OUT = ['grafana'];

let engine: Engine;
let checkout: string;

beforeAll(async () => {
  engine = await startEngine();
  await provideImages(engine, say);
  await provideNodeImage(engine, baseImage('deploy/docker/service.Dockerfile'), say);
  await provideGoImage(engine, baseImage('services/service-b-go/Dockerfile'), say);
  checkout = await checkOut();
  say(`without ${LEFT_OUT.join(', ')}: no program of it can be had without a registry`);
  for (const profile of ['real', 'go', 'embedded']) {
    const project = await openProject(engine, checkout, 'slo-guard-build', { COMPOSE_PROFILES: profile });
    await project.compose(`build ${(await servicesOf(project)).join(' ')}`);
  }
}, 900_000);

afterAll(async () => {
  if (checkout) removeCheckout(checkout);
  await engine?.stop();
}, 60_000);

/** What a Dockerfile's first stage begins with. */
const baseImage = (dockerfile: string) =>
  /^FROM (\S+) AS/m.exec(readFileSync(join(root, dockerfile), 'utf8'))![1]!;

/** The services that a project starts. */
async function servicesOf(project: Project): Promise<string[]> {
  const all = (await project.compose('config --services')).trim().split('\n');
  return all.filter(name => !LEFT_OUT.includes(name)).sort();
}

interface ContainerState {
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
}

const statesOf = async (project: Project) =>
  (await project.compose('ps --all --format json'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as ContainerState);

/** The collector's image holds the collector alone: its health cannot be asked from inside. */
const isWell = ({ Service, State, Health }: ContainerState) =>
  State === 'running' && (Health === 'healthy' || Service === 'otel-collector');

async function allWell(project: Project, seconds: number): Promise<void> {
  const services = await servicesOf(project);
  await eventually('every container healthy', seconds, async () => {
    const states = await statesOf(project);
    return (states.length === services.length && states.every(isWell)) || undefined;
  });
}

const query = async (project: Project, expr: string) => {
  const answer = await getJson<{ data: { result: { value: [number, string] }[] } }>(
    project.url('prometheus', `/api/v1/query?query=${encodeURIComponent(expr)}`),
  );
  return answer.data.result.map(({ value }) => Number(value[1]));
};

/** The services, and the real parts that tell their own metrics. */
const TARGETS = 5;

async function allScraped(project: Project, seconds: number): Promise<void> {
  await eventually('every target up', seconds, async () => {
    const [up] = await query(project, 'sum(up)');
    return up === TARGETS || undefined;
  });
}

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
async function areConfined(project: Project): Promise<void> {
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

/** The first requests after a start are slow: code is compiled, connections are made. */
async function works(project: Project): Promise<void> {
  for (let quick = 0; quick < 20; ) {
    const answer = await fetch(project.url('service_a', '/work'));
    await answer.text();
    quick = answer.ok ? quick + 1 : 0;
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

/** Two projects side by side, to save time: the second drill must not see the first one's errors. */
describe.concurrent('the compose files, started', () => {
  it('tell the story of the article, and lose nothing when containers are killed', {
    timeout: 900_000,
  }, async () => {
    const project = await openProject(engine, checkout, 'slo-guard-story');
    try {
      await project.compose(`up -d --build ${(await servicesOf(project)).join(' ')}`);
      await allWell(project, 120);
      await areConfined(project);
      await allScraped(project, 30);
      await works(project);
      const silent = await drillByUrls(project.ports, 'silent-2x');
      expect(silent.report.failures, silent.output).toEqual([]);

      await injectAndPage(project);
      await joinedTrace(project);
      await killEach(project);
    } finally {
      await project.compose('down -v --timeout 5');
    }
    expect(await project.leftovers()).toBe('');
  });

  it('page and clear within what was predicted', { timeout: 900_000 }, async () => {
    const project = await openProject(engine, checkout, 'slo-guard-drill');
    try {
      await project.compose(`up -d ${(await servicesOf(project)).join(' ')}`);
      await allWell(project, 120);
      await works(project);
      const { report, output } = await drillByUrls(project.ports, 'article');
      expect(report.failures, output).toEqual([]);
      expect(report.passed).toBe(true);
    } finally {
      await project.compose('down -v --timeout 5');
    }
    expect(await project.leftovers()).toBe('');
  });
});

describe.concurrent('the other profiles', () => {
  it('run service_b in Go: one trace joins both languages; the drill names hops that are broken', {
    timeout: 400_000,
  }, async () => {
    await withProfile('go', async project => {
      await works(project);
      await joinedTrace(project);
      await failAndRecover(project);
      await namesBrokenHops(project);
    });
  });

  it('run one guard in place of five, which pages, and loses nothing when it is killed under load', {
    timeout: 400_000,
  }, async () => {
    await withProfile('embedded', async project => {
      await works(project);
      await joinedTrace(project);
      await injectAndPage(project);
      await killUnderLoad(project);
    });
  });
});

describe.concurrent('npm run compose:up says in one line what keeps the containers from starting', () => {
  it.each<[string, (project: Project) => Promise<Attempt>, RegExp]>([
    [
      'an engine that does not run',
      project => project.up([], { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }),
      /^Docker's engine does not run \(.*\): start Docker.*npm start.* \[engine-down\]\n$/,
    ],
    [
      'a port in use',
      async project => {
        const holder = createServer().listen(project.ports.alertmanager, '127.0.0.1');
        await once(holder, 'listening');
        try {
          return await project.up(['alertmanager', 'webhook-receiver']);
        } finally {
          holder.close();
        }
      },
      /^port \d+ on 127\.0\.0\.1 for alertmanager is in use: .* ALERTMANAGER_PORT=\d+ npm run compose:up \[port-in-use\]\n$/,
    ],
    [
      'an image that cannot be had',
      project => project.up(LEFT_OUT),
      /^(pulling .*\n)+the image grafana\/grafana:\S+ for grafana cannot be had \(.+\): .* \[image-missing\]\n$/,
    ],
  ])('%s', { timeout: 120_000 }, async (what, attempt, line) => {
    const project = await openProject(engine, checkout, `slo-guard-${what.replaceAll(/\W+/g, '-')}`);
    const { code, output } = await attempt(project);
    expect(output).toMatch(line);
    expect(code).toBe(2);
    expect(await project.leftovers()).toBe('');
  });
});

interface Attempt {
  readonly code: number;
  readonly output: string;
}

async function withProfile(profile: string, proof: (project: Project) => Promise<void>): Promise<void> {
  const project = await openProject(engine, checkout, `slo-guard-${profile}`, { COMPOSE_PROFILES: profile });
  try {
    const services = await servicesOf(project);
    // A second time too: ports that this project itself holds are no obstacle.
    for (let time = 0; time < 2; time += 1)
      expect(await project.up(services)).toMatchObject({
        code: 0,
        output: expect.stringContaining('Healthy'),
      });
    await allWell(project, 120);
    await proof(project);
  } finally {
    await project.compose('down -v --timeout 5');
  }
  expect(await project.leftovers()).toBe('');
}

async function failAndRecover(project: Project): Promise<void> {
  const command = (mode: string) =>
    `curl -s -X POST http://localhost:8002/admin/failmode -d '{"mode": "${mode}"}'`;
  await shell(command('error'), project.ports);
  expect((await fetch(project.url('service_a', '/work'))).status).toBe(502);
  await shell(command('none'), project.ports);
  expect((await fetch(project.url('service_a', '/work'))).status).toBe(200);
}

/** The article's own commands, until the page. The traffic before them dilutes their hundred failures: it takes more. */
async function injectAndPage(project: Project): Promise<void> {
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
async function namesBrokenHops(project: Project): Promise<void> {
  const article = join(root, 'drills/article.yaml');
  const rules = join(checkout, 'deploy/prometheus/rules.yml');
  renameSync(rules, `${rules}.away`);
  try {
    await project.compose('kill --signal SIGHUP prometheus');
    await eventually('no rules', 30, async () => {
      const { data } = await getJson<{ data: { groups: object[] } }>(
        project.url('prometheus', '/api/v1/rules'),
      );
      return data.groups.length === 0 || undefined;
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
async function killUnderLoad(project: Project): Promise<void> {
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

async function joinedTrace(project: Project): Promise<void> {
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
async function killEach(project: Project): Promise<void> {
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
