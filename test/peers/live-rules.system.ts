import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../story/support.ts';
import { alertIn, alertsOf, onBoth, ready } from './support/both-benches.ts';
import type { EngineName } from './support/engine-process.ts';
import type { Posted, RuleBench } from './support/rule-bench.ts';

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

it('keeps the alerts that it has while results collide, and says so', async () => {
  const told = new Map<EngineName, unknown>();
  await onBoth(rulesOf('alert: A, expr: m > 0, labels: { i: same }'), [], async bench => {
    const rule = async () => (await bench.api('/api/v1/rules')).data.groups[0].rules[0];
    const inHealth = (health: string) =>
      eventually(`${health} at ${bench.name}`, 20, async () => {
        const now = await rule();
        return now.health === health ? now : undefined;
      });
    bench.expose('m{i="x"} 1\n');
    await ready(bench);
    const before = await alertIn(bench, 'A', 'firing');
    bench.expose('m{i="x"} 1\nm{i="y"} 1\n');
    const { lastError, state, alerts } = await inHealth('err');
    expect(alerts).toMatchObject([{ state: 'firing', activeAt: before.activeAt }]);
    await sleep(3 * SECOND);
    bench.expose('m{i="x"} 1\n');
    expect((await inHealth('ok')).alerts).toMatchObject([{ state: 'firing', activeAt: before.activeAt }]);
    told.set(bench.name, { lastError, state, alerts: alerts.length });
  });
  expect(told.get('slo-guard')).toEqual(told.get('prometheus'));
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

/** The sum of a metric over its series. */
const figureOf = (exposition: string, metric: string): number =>
  exposition
    .split('\n')
    .filter(line => line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);

it('sends in batches, drops what a queue has no room for and what is not taken, and counts both', async () => {
  const flags = [
    '--alertmanager.notification-queue-capacity=100',
    '--alertmanager.notification-batch-size=64',
    '--rules.alert.resend-delay=1h',
  ];
  const many = (name: string) => Array.from({ length: 600 }, (_, i) => `${name}{i="${i}"} 1\n`).join('');
  const rules = 'groups:\n- { name: g, rules: [{ alert: A, expr: m > 0 }, { alert: B, expr: n > 0 }] }\n';
  const seen = new Map<EngineName, unknown>();
  await onBoth(rules, flags, async bench => {
    const figures = async () => {
      const text = await bench.metrics();
      return ['dropped', 'sent', 'errors'].map(name =>
        figureOf(text, `prometheus_notifications_${name}_total`),
      );
    };
    bench.expose('m 0\n');
    await ready(bench);
    bench.expose(many('m'));
    await eventually(`the alerts at ${bench.name}`, 20, async () => bench.posted.length >= 100 || undefined);
    await sleep(2 * SECOND);
    const taken = { batches: [...bench.batches], figures: await figures() };
    bench.answer(500);
    bench.expose(many('m') + many('n'));
    await eventually(
      `the drops at ${bench.name}`,
      20,
      async () => (await figures())[0]! >= 1100 || undefined,
    );
    await sleep(2 * SECOND);
    seen.set(bench.name, { taken, refused: { batches: [...bench.batches], figures: await figures() } });
  });
  expect(seen.get('slo-guard')).toEqual(seen.get('prometheus'));
  expect(seen.get('prometheus')).toMatchObject({ taken: { batches: [64, 36] } });
});
