import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { eventually } from '../story/support.ts';
import type { EngineName } from './support/engine-process.ts';
import { ENGINE_NAMES } from './support/engine-process.ts';
import { type Posted, type RuleBench, startRuleBench } from './support/rule-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-live-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let benches = 0;

/** Runs the scenario on the real Prometheus and on the guard, beside each other. */
async function onBoth(
  rules: string,
  flags: readonly string[],
  scenario: (bench: RuleBench) => Promise<void>,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    ENGINE_NAMES.map(async name => {
      const bench = await startRuleBench({ name, folder: join(folder, `${benches++}`), rules, flags });
      try {
        await scenario(bench);
      } finally {
        await bench.stop();
      }
    }),
  );
  const failures = outcomes.flatMap((outcome, i) =>
    outcome.status === 'rejected' ? [`${ENGINE_NAMES[i]}: ${outcome.reason?.stack}`] : [],
  );
  expect(failures.join('\n')).toBe('');
}

const alertsOf = async (bench: RuleBench, name: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  (await bench.api('/api/v1/alerts')).data.alerts.filter((alert: any) => alert.labels.alertname === name);

/** The alert, once it is in this state. */
const alertIn = (bench: RuleBench, name: string, state: string) =>
  eventually(`${name} ${state} at ${bench.name}`, 40, async () =>
    // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
    (await alertsOf(bench, name)).find((alert: any) => alert.state === state),
  );

/** Once the rules are evaluated and somebody is sent to. */
const ready = (bench: RuleBench) =>
  eventually(`rules of ${bench.name}`, 60, async () => {
    const { groups } = (await bench.api('/api/v1/rules')).data;
    const { activeAlertmanagers } = (await bench.api('/api/v1/alertmanagers')).data;
    // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
    const isEvaluated = groups.every((group: any) => group.rules.every((rule: any) => rule.health === 'ok'));
    const scraped = (await bench.api('/api/v1/query?query=m')).data.result.length > 0;
    return (isEvaluated && activeAlertmanagers.length === 1 && scraped) || undefined;
  });

const SECOND = 1000;
/** Resend delay of these tests; what they send holds for four times as long. */
const RESEND = 3 * SECOND;

const named = (bench: RuleBench, name: string): Posted[] =>
  bench.posted.filter(({ labels }) => labels.alertname === name);
const isResolved = ({ endsAt }: Posted) => endsAt <= Date.now();

it('sends what fires at once, again after the resend delay, and what resolved; never what is pending', async () => {
  const rules = `groups:
- name: g
  rules:
  - { alert: A, expr: m > 0, labels: { own: mine, v: '{{ $value }}' }, annotations: { s: '{{ $labels.i }} in {{ $externalLabels.env }}', e: '' } }
  - { alert: Slow, expr: m > 0, for: 5s }
`;
  await onBoth(rules, ['--rules.alert.resend-delay=3s'], async bench => {
    bench.expose('m{i="x"} 0\n');
    await ready(bench);
    bench.expose('m{i="x"} 1\n');
    await sleep(10 * SECOND);
    bench.expose('m{i="x"} 0\n');
    await eventually(
      `resolve at ${bench.name}`,
      20,
      async () => named(bench, 'A').some(isResolved) || undefined,
    );
    await sleep(6 * SECOND);
    const all = named(bench, 'A');
    const [first] = all;
    expect(first).toMatchObject({
      labels: { alertname: 'A', env: 'prod', i: 'x', own: 'mine', v: '1' },
      annotations: { s: 'x in prod', e: '' },
      authorization: `Basic ${btoa('me:secret')}`,
      generatorURL: expect.stringMatching(/\/graph\?g0\.expr=m\+%3E\+0&g0\.tab=1$/),
    });
    expect(Object.keys(first!.labels).sort()).toEqual(['alertname', 'env', 'i', 'own', 'v']);
    const firing = all.filter(({ endsAt, startsAt }) => endsAt - startsAt >= 4 * RESEND);
    const resolved = all.slice(firing.length);
    // What fires holds for four resend delays from its evaluation on.
    const evaluations = firing.map(({ endsAt }) => endsAt - 4 * RESEND);
    expect(evaluations[0]).toBe(first!.startsAt);
    const gaps = evaluations.slice(1).map((at, i) => at - evaluations[i]!);
    expect(gaps.length).toBeGreaterThanOrEqual(1);
    for (const gap of gaps) {
      // Strictly more than the delay, at evaluations a second apart.
      expect(gap % SECOND).toBe(0);
      expect(gap).toBeGreaterThan(RESEND);
      expect(gap).toBeLessThanOrEqual(RESEND + 3 * SECOND);
    }
    expect(resolved.length).toBeGreaterThanOrEqual(2);
    for (const alert of resolved) {
      expect(alert.startsAt).toBe(first!.startsAt);
      expect(alert.endsAt).toBe(resolved[0]!.endsAt);
    }
    // It became active with the other, and was not heard of before it fired.
    const [slow] = named(bench, 'Slow');
    expect(slow!.startsAt - first!.startsAt).toBeGreaterThanOrEqual(5 * SECOND);
    expect(slow!.endsAt - 4 * RESEND).toBe(slow!.startsAt);
  });
});

const rulesOf = (rule: string) => `groups:\n- { name: g, rules: [{ ${rule} }] }\n`;

it('keeps the state of alerts over a reload, as long as name and labels stay', async () => {
  await onBoth(rulesOf('alert: A, expr: m > 0, labels: { l: a }'), [], async bench => {
    bench.expose('m 1\n');
    await ready(bench);
    const before = await alertIn(bench, 'A', 'firing');
    bench.write('rules.yml', rulesOf("alert: A, expr: m > 0.5, labels: { l: a }, annotations: { a: 'new' }"));
    expect(await bench.reload()).toMatchObject({ status: 200 });
    await eventually(`the new annotation at ${bench.name}`, 20, async () => {
      const [alert] = await alertsOf(bench, 'A');
      expect(alert).toMatchObject({ state: 'firing', activeAt: before.activeAt });
      return alert.annotations.a === 'new' || undefined;
    });
    bench.write('rules.yml', rulesOf('alert: A, expr: m > 0.5, for: 1h, labels: { l: a }'));
    await bench.reload();
    expect(await alertIn(bench, 'A', 'pending')).toMatchObject({ activeAt: before.activeAt });
    bench.write('rules.yml', rulesOf('alert: A, expr: m > 0.5, labels: { l: b }'));
    await bench.reload();
    const other = await alertIn(bench, 'A', 'firing');
    expect(other.labels.l).toBe('b');
    expect(Date.parse(other.activeAt)).toBeGreaterThan(Date.parse(before.activeAt));
  });
});

it('refuses a bad file whole while the old one goes on', async () => {
  await onBoth(rulesOf('alert: A, expr: m > 0'), [], async bench => {
    bench.expose('m 1\n');
    await ready(bench);
    const before = await alertIn(bench, 'A', 'firing');
    bench.write('rules-more.yml', rulesOf('alert: B, expr: sum('));
    const refused = await bench.reload();
    expect(refused).toMatchObject({ status: 500, text: expect.stringMatching(/^failed to reload config: /) });
    const { data } = await bench.api('/api/v1/status/runtimeinfo');
    expect(data.reloadConfigSuccess).toBe(false);
    const [notification] = (await bench.api('/api/v1/notifications')).data;
    expect(notification).toMatchObject({ text: 'Configuration reload has failed.', active: true });
    const { groups } = (await bench.api('/api/v1/rules')).data;
    expect(groups).toHaveLength(1);
    expect(await alertIn(bench, 'A', 'firing')).toMatchObject({ activeAt: before.activeAt });
    bench.write('rules-more.yml', rulesOf('alert: B, expr: m > 0'));
    expect((await bench.reload()).status).toBe(200);
    await alertIn(bench, 'B', 'firing');
    expect((await bench.api('/api/v1/notifications')).data).toEqual([]);
  });
});

it('takes up the state of alerts after a restart', async () => {
  const rules = `groups:
- name: g
  rules:
  - { alert: Fired, expr: m > 0, for: 2s }
  - { alert: Long, expr: m > 0, for: 1h }
`;
  const flags = ['--rules.alert.for-grace-period=5s'];
  await onBoth(rules, flags, async bench => {
    bench.expose('m 1\n');
    await ready(bench);
    const fired = await alertIn(bench, 'Fired', 'firing');
    const long = await alertIn(bench, 'Long', 'pending');
    await sleep(3 * SECOND);
    const downAt = Date.now();
    await bench.restart(3);
    // An alert that fired goes on from when it began, to the second.
    await eventually(`the restored alert at ${bench.name}`, 60, async () => {
      const [alert] = await alertsOf(bench, 'Fired');
      const isOld =
        alert &&
        Math.floor(Date.parse(alert.activeAt) / SECOND) === Math.floor(Date.parse(fired.activeAt) / SECOND);
      return (isOld && alert.state === 'firing') || undefined;
    });
    const upAt = Date.now();
    const [shifted] = await alertsOf(bench, 'Long');
    const shift = Date.parse(shifted.activeAt) - Date.parse(long.activeAt);
    // One that was pending waits for as much longer as it was not looked at.
    expect(shift).toBeGreaterThanOrEqual(2 * SECOND);
    expect(shift).toBeLessThanOrEqual(upAt - downAt + 4 * SECOND);
  });
});

const SHOWN_RULES = `groups:
- name: z
  interval: 1s
  limit: 5
  query_offset: 0s
  labels: { team: x, empty: '' }
  rules:
  - { record: 'job:m:sum', expr: sum  by(job)(m), labels: { tier: '1.50' } }
  - { record: duplicates, expr: m, labels: { i: same } }
- name: a
  rules:
  - { alert: Fires, expr: m > 0, keep_firing_for: 10m, labels: { severity: page, t: '{{ $labels.i }}' }, annotations: { s: '{{ $value }}', e: '' } }
  - { alert: Pends, expr: 'm{i="x"} > 0', for: 1h30m }
  - { alert: Never, expr: m > 9e9 }
  - { alert: Keeps, expr: m2 > 0, keep_firing_for: 1h }
  - { alert: Fails, expr: m * on() n, labels: { a: b } }
- { name: empty }
`;

/** What is alike in no two runs: instants and durations, replaced by what they are. */
function withoutTimes(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map(item => withoutTimes(item)).sort(byText);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutTimes(item, name)]));
  if (key === 'evaluationTime') return typeof value;
  if (/^\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value))) return 'an instant';
  return typeof value === 'string' ? value.replaceAll(/127\.0\.0\.1:\d+/g, 'target') : value;
}
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Families about rules, templates, sending and reloads with their types, and the label names of their series. */
function ownMetrics(text: string): string[] {
  const isOwn = (line: string) => /^(# TYPE )?prometheus_(rule|template|notifications|config)_/.test(line);
  return [
    ...new Set(
      text
        .split('\n')
        .filter(isOwn)
        .map(line =>
          line
            .replace(/="[^"]*"/g, '')
            .replace(/(?<!# TYPE.*) [^ ]+$/, '')
            .replace(/\{(.*)\}/, (_, names: string) => `{${names.split(',').sort().join()}}`),
        ),
    ),
  ].sort();
}

/** `group: rule rule` of what is answered, in its order. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of the API
const namesIn = ({ data }: any): string[] =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  data.groups.map((group: any) => `${group.name}: ${group.rules.map((rule: any) => rule.name).join(' ')}`);

/** What each parameter, and some together, leave of the groups. */
async function narrowed(bench: RuleBench): Promise<Record<string, string[]>> {
  const [{ file }] = (await bench.api('/api/v1/rules')).data.groups;
  const queries = [
    `file[]=${encodeURIComponent(file)}`,
    `file[]=${encodeURIComponent(file)}&file[]=other.yml&rule_group[]=z&rule_group[]=none`,
    'rule_name[]=Never&rule_name[]=duplicates',
    'rule_name[]=Never&type=record',
    'rule_group[]=a&rule_name[]=Keeps&type=alert&exclude_alerts=true',
    `match[]=${encodeURIComponent('{severity="page"}')}`,
    `match[]=${encodeURIComponent('{team=~".+"}')}&match[]=${encodeURIComponent('{a="b"}')}`,
    `match[]=${encodeURIComponent('{severity="page"}')}&rule_name[]=Never`,
  ];
  const left = await Promise.all(queries.map(query => bench.api(`/api/v1/rules?${query}`)));
  return Object.fromEntries(left.map((answer, i) => [`query ${i}`, namesIn(answer)]));
}

/** The groups of each page of one group, until there is no further one. */
async function pagesOf(bench: RuleBench): Promise<string[][]> {
  const pages: string[][] = [];
  let token = '';
  do {
    const next = token && `&group_next_token=${token}`;
    const page = await bench.api(`/api/v1/rules?group_limit=1${next}`);
    pages.push(namesIn(page));
    token = page.data.groupNextToken ?? '';
  } while (token !== '' && pages.length < 10);
  return pages;
}

it('shows rules, alerts and figures of them field for field', async () => {
  const shown = new Map<EngineName, unknown>();
  await onBoth(SHOWN_RULES, [], async bench => {
    bench.expose('m{i="x"} 1\nm{i="y"} 2\nn{i="x"} 1\nn{i="y"} 1\nm2 1\n');
    await alertIn(bench, 'Keeps', 'firing');
    bench.expose('m{i="x"} 1\nm{i="y"} 2\nn{i="x"} 1\nn{i="y"} 1\nm2 0\n');
    await eventually(`the kept alert at ${bench.name}`, 20, async () => {
      const [alert] = await alertsOf(bench, 'Keeps');
      return alert?.keepFiringSince;
    });
    await sleep(2 * SECOND);
    const answers = await Promise.all(
      [
        'rules',
        'alerts',
        'rules?type=alert',
        'rules?type=record&rule_group[]=z',
        'rules?exclude_alerts=true',
      ].map(path => bench.api(`/api/v1/${path}`)),
    );
    shown.set(bench.name, {
      answers: withoutTimes(answers),
      narrowed: await narrowed(bench),
      pages: await pagesOf(bench),
      metrics: ownMetrics(await bench.metrics()),
    });
  });
  expect(shown.get('slo-guard')).toEqual(shown.get('prometheus'));
  expect(shown.get('prometheus')).toMatchObject({
    pages: [[expect.any(String)], [expect.any(String)]],
  });
});
