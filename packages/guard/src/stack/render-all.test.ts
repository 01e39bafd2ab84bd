import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { UserError } from '../core/index.ts';
import { parseExpr } from '../promql/index.ts';
import { loadStack, withPorts } from './model.ts';
import { renderAlertmanagerConfig } from './render-alertmanager.ts';
import { checkAll, generateAll } from './render-all.ts';
import { renderPrometheusConfig } from './render-prometheus.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const read = (file: string) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') });
const slos = readdirSync(join(ROOT, 'slos'))
  .sort()
  .map(name => read(`slos/${name}`));
const sources = { stack: read('stack.yaml'), slos };
const stack = loadStack(sources.stack.file, sources.stack.text);

function problemsOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

describe('the generated files', () => {
  test('in the repository are those that their sources give', async () => {
    checkAll(ROOT, await generateAll(sources));
  });

  test('that differ or are missing are named with the command that mends them', () => {
    const root = mkdtempSync(join(tmpdir(), 'slo-guard-'));
    try {
      const files = new Map([
        ['a/x.yml', 'one\ntwo\n'],
        ['a/y.yml', 'one\n'],
        ['z.yml', ''],
      ]);
      mkdirSync(dirname(join(root, 'a/x.yml')));
      writeFileSync(join(root, 'a/x.yml'), 'one\n2\n');
      writeFileSync(join(root, 'a/y.yml'), 'one\n');
      const problems = problemsOf(() => checkAll(root, files));
      expect(problems.map(({ code, position }) => [code, position?.line])).toEqual([
        ['generated-file-differs', 2],
        ['generated-file-missing', undefined],
      ]);
      expect(problems[0]!.remedy).toContain('npx slo-guard generate');
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test('hold every query of the dashboard as PromQL', async () => {
    const dashboard = JSON.parse(
      (await generateAll(sources)).get('deploy/grafana/dashboards/slo-guard.json')!,
    );
    const exprs = dashboard.panels.flatMap((panel: { targets?: { expr: string }[] }) =>
      (panel.targets ?? []).map(({ expr }) => expr),
    );
    expect(exprs.length).toBeGreaterThan(20);
    for (const expr of exprs) parseExpr(expr);
  });

  test('hold the alerts of the demo', async () => {
    const { groups } = parse((await generateAll(sources)).get('deploy/prometheus/rules.yml')!);
    const rules = groups.flatMap((group: { rules: { alert?: string; for?: string }[] }) => group.rules);
    const alerts = rules.filter((rule: { alert?: string }) => rule.alert !== undefined);
    const burn = ['A', 'B'].flatMap(letter =>
      ['ErrorBudget', 'LatencyBudget'].flatMap(kind =>
        ['Fast', 'Slow'].map(tier => `SLOService${letter}${kind}Burn${tier}`),
      ),
    );
    expect(alerts.map((rule: { alert: string }) => rule.alert)).toEqual([
      ...burn,
      'ServiceAHighErrorRate',
      'ServiceBHighErrorRate',
      'ServiceADependencyErrors',
      'TargetDown',
    ]);
    expect(alerts.filter((rule: { for?: string }) => rule.for === '15s')).toHaveLength(4);
  });
});

describe('a rendered configuration', () => {
  test('beside the guard scrapes loopback with the ports in use, and leaves alerts to the router inside', () => {
    const moved = withPorts(stack, { service_a: 18_001, prometheus: 19_090 });
    const config = parse(
      renderPrometheusConfig(moved, 'embedded', { ruleFiles: ['/data/rules.yml', '/data/watch.yml'] }),
    );
    expect(config).not.toHaveProperty('alerting');
    expect(config.rule_files).toEqual(['/data/rules.yml', '/data/watch.yml']);
    const targets = config.scrape_configs.map((job: { static_configs: { targets: string[] }[] }) =>
      job.static_configs.flatMap(({ targets }) => targets),
    );
    expect(targets).toEqual([['127.0.0.1:18001'], ['127.0.0.1:8002'], ['127.0.0.1:19090']]);
  });

  test('sends the heartbeat to a path of its own, one an interval, and says nothing when it ends', () => {
    const { route, receivers } = parse(renderAlertmanagerConfig(stack, 'compose'));
    expect(route.routes).toEqual([
      {
        receiver: 'deadman',
        matchers: ['alertname="Watchdog"'],
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: '15s',
        repeat_interval: '22s500ms',
      },
    ]);
    expect(receivers[1]).toEqual({
      name: 'deadman',
      webhook_configs: [{ url: 'http://webhook-receiver:8080/heartbeat', send_resolved: false }],
    });
  });

  test('notifies the receiver where it listens', () => {
    const moved = withPorts(stack, { 'webhook-receiver': 18_080 });
    expect(renderAlertmanagerConfig(moved, 'embedded')).toContain('http://127.0.0.1:18080/webhook');
    expect(renderAlertmanagerConfig(stack, 'compose')).toContain('http://webhook-receiver:8080/webhook');
  });
});

describe('stack.yaml', () => {
  const { text } = sources.stack;
  const codes = (changed: string) =>
    problemsOf(() => loadStack('stack.yaml', changed)).map(
      ({ code, position }) => `${position?.line} ${code}`,
    );

  test.each([
    ['an unknown field', text.replace('receiver:', 'colour: red\nreceiver:'), '9 unknown-field'],
    ['a port used twice', text.replace('port: 8002', 'port: 8001'), '7 duplicate-port'],
    ['a port that browsers refuse', text.replace('port: 8002', 'port: 6000'), '7 blocked-port'],
    ['another for the receiver', text.replace('port: 8080', 'port: 10080'), '11 blocked-port'],
    ['another for a surface', text.replace('console: 3000', 'console: 6667'), '20 blocked-port'],
    ['a name used twice', text.replace('- name: service_b', '- name: service_a'), '6 duplicate-name'],
    ['an interval of 0', text.replace('scrape: 5s', 'scrape: 0s'), '23 bad-value'],
    ['an alert that is not PromQL', text.replace('up == 0', 'up =='), '93 bad-expression'],
    ['no patience with heartbeats', text.replace('late_after: 2m', 'late_after: 40s'), '34 bad-value'],
  ])('with %s is refused at its place', (_, changed, expected) => {
    expect(codes(changed)).toEqual([expected]);
  });

  test('tells where a port stands that browsers refuse, and of one that will do', () => {
    const [problem] = problemsOf(() =>
      loadStack('stack.yaml', text.replace('jaeger: 16686', 'jaeger: 6665')),
    );
    expect(problem).toEqual({
      code: 'blocked-port',
      message: 'browsers refuse port 6665: nobody could open jaeger there',
      position: { file: 'stack.yaml', line: 19, column: 11 },
      excerpt: '    jaeger: 6665\n            ^',
      remedy: 'choose another port, such as 6670',
    });
    expect(problemsOf(() => withPorts(stack, { service_a: 10_080 }))[0]).toEqual({
      code: 'blocked-port',
      message: 'browsers refuse port 10080: nobody could open service_a there',
      remedy: 'choose another port, such as 10081',
    });
  });

  test('may have its spans sent by gRPC to a port that browsers refuse', () => {
    const changed = text.replace('otlp_grpc: 4317', 'otlp_grpc: 6000');
    expect(withPorts(loadStack('stack.yaml', changed), { otlp_grpc: 10_080 }).ports.otlp_grpc).toBe(10_080);
  });

  test('has no other ports than its own moved', () => {
    expect(problemsOf(() => withPorts(stack, { nothing: 1 }))[0]).toMatchObject({
      code: 'unknown-port-name',
    });
    expect(problemsOf(() => withPorts(stack, { jaeger: 70_000 }))[0]).toMatchObject({ code: 'bad-port' });
  });
});
