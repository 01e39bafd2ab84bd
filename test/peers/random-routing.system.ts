import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type AlertView,
  createAlertmanager,
  type GroupView,
  loadAlertmanagerConfig,
} from '../../packages/guard/src/alertmanager/index.ts';
import { createRng, createSystemClock, type Rng, silentLogger } from '../../packages/guard/src/core/index.ts';
import { IN_MEMORY } from '../../packages/guard/src/sqlite/index.ts';
import { startRouter } from './support/router-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-random-routing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const ALERTS = 250;
const LABELS = ['a', 'b', 'c'];
const RECEIVERS = 8;
const TIMES = 40;
const GROUP_WAIT_SECONDS = 2;
const QUARTER_MS = 15 * 60_000;
const FLUSH_MS = (GROUP_WAIT_SECONDS + 4) * 1000;

const pick = <T>(rng: Rng, list: readonly T[]): T => list[rng.integer(list.length)]!;
const some = <T>(rng: Rng, most: number, make: () => T): T[] =>
  Array.from({ length: rng.integer(most + 1) }, make);

const matcher = (rng: Rng) => {
  const [operator, value] = pick(rng, [
    ['=', '1'],
    ['=', '2'],
    ['=', ''],
    ['!=', '1'],
    ['=~', '1|2'],
    ['=~', '[12]?'],
    ['!~', '2.*'],
  ] as const);
  return `${pick(rng, LABELS)}${operator}"${value}"`;
};

function route(rng: Rng, depth: number): Record<string, unknown> {
  const times = () => some(rng, 2, () => `t${rng.integer(TIMES)}`);
  const isRoot = depth === 0;
  const child = () => route(rng, depth + 1);
  const few = (count: number) => Array.from({ length: count }, child);
  return {
    ...((isRoot || rng.next() < 0.7) && { receiver: `r${rng.integer(RECEIVERS)}` }),
    ...(isRoot && { group_by: ['...'], group_wait: `${GROUP_WAIT_SECONDS}s`, group_interval: '1h' }),
    ...(!isRoot && {
      matchers: some(rng, 2, () => matcher(rng)),
      continue: rng.next() < 0.4,
      ...(rng.next() < 0.3 && { mute_time_intervals: times() }),
      ...(rng.next() < 0.2 && { active_time_intervals: times() }),
    }),
    ...(depth < 3 && { routes: [...few(isRoot ? 3 : 0), ...some(rng, 3, child)] }),
  };
}

const inhibition = (rng: Rng) => ({
  source_matchers: ['kind="source"', matcher(rng)],
  target_matchers: [matcher(rng), matcher(rng)],
  equal: some(rng, 2, () => pick(rng, LABELS)),
});

const ZONES = [
  'UTC',
  'Local',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Auckland',
];
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** A range of numbers, one of which may be all of it. */
function range(rng: Rng, from: number, to: number, text: (value: number) => string = String): string {
  const [begin, end] = [rng, rng].map(each => from + each.integer(to - from + 1)).sort((a, b) => a - b);
  return begin === end ? text(begin!) : `${text(begin!)}:${text(end!)}`;
}

function timeInterval(rng: Rng): Record<string, unknown> {
  const clock = (quarters: number) =>
    `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`;
  const begin = rng.integer(95);
  const maybe = (name: string, make: () => unknown) => (rng.next() < 0.4 ? { [name]: make() } : {});
  return {
    ...maybe('times', () => [
      { start_time: clock(begin), end_time: clock(begin + 1 + rng.integer(96 - begin)) },
    ]),
    ...maybe('weekdays', () => [range(rng, 0, 6, day => DAYS[day]!)]),
    ...maybe('days_of_month', () => [rng.next() < 0.5 ? range(rng, 1, 31) : range(rng, -31, -1)]),
    ...maybe('months', () => [range(rng, 1, 12)]),
    ...maybe('years', () => [range(rng, 2025, 2028)]),
    ...maybe('location', () => pick(rng, ZONES)),
  };
}

/** JSON is YAML. */
const randomConfig = (rng: Rng): string =>
  JSON.stringify({
    route: route(rng, 0),
    inhibit_rules: [inhibition(rng), inhibition(rng), ...some(rng, 4, () => inhibition(rng))],
    time_intervals: Array.from({ length: TIMES }, (_, i) => ({
      name: `t${i}`,
      time_intervals: [timeInterval(rng), ...some(rng, 1, () => timeInterval(rng))],
    })),
    receivers: Array.from({ length: RECEIVERS }, (_, i) => ({ name: `r${i}` })),
  });

const randomLabels = (rng: Rng, n: number): Record<string, string> => ({
  alertname: `A${n}`,
  ...(rng.next() < 0.15 && { kind: 'source' }),
  ...Object.fromEntries(
    LABELS.flatMap(name => (rng.next() < 0.3 ? [] : [[name, pick(rng, ['1', '2', '3'])]])),
  ),
});

interface Shown {
  readonly alerts: readonly AlertView[];
  readonly groups: readonly GroupView[];
}

async function showReal(
  config: string,
  alerts: readonly Record<string, string>[],
  seed: number,
): Promise<Shown> {
  const router = await startRouter('alertmanager', join(folder, String(seed)), config);
  const get = async (path: string) => (await fetch(`http://${router.address}/api/v2${path}`)).json();
  try {
    const posted = await fetch(`http://${router.address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map(labels => ({ labels }))),
    });
    expect(posted.status).toBe(200);
    await sleep(FLUSH_MS);
    return {
      alerts: (await get('/alerts')) as AlertView[],
      groups: (await get('/alerts/groups')) as GroupView[],
    };
  } finally {
    await router.stop();
  }
}

async function showOurs(config: string, alerts: readonly Record<string, string>[]): Promise<Shown> {
  const router = createAlertmanager({
    config: loadAlertmanagerConfig('alertmanager.yml', config),
    clock: createSystemClock(),
    logger: silentLogger,
    registry: new Registry(),
    database: IN_MEMORY,
    externalUrl: '',
  });
  router.start();
  try {
    router.put(alerts.map(labels => ({ labels })));
    await sleep(FLUSH_MS);
    return { alerts: router.alerts(), groups: router.groups() };
  } finally {
    await router.stop();
  }
}

/** Of several sources any may be named; times and ids are left out. */
const stateOf = ({ labels, receivers, status }: AlertView) => [
  labels.alertname,
  receivers.map(({ name }) => name).join(),
  status.state,
  status.inhibitedBy.length > 0,
  status.mutedBy,
];
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const comparable = ({ alerts, groups }: Shown) => ({
  alerts: alerts.map(stateOf).sort(byText),
  groups: groups.map(group => [group.receiver.name, group.alerts.map(stateOf)]).sort(byText),
});

const seen: Shown[] = [];

describe('random routes, inhibition and times', () => {
  it.concurrent.each(SEEDS)('sort, inhibit and mute %i like the real Alertmanager', async seed => {
    const rng = createRng(seed);
    const config = randomConfig(rng);
    const alerts = Array.from({ length: ALERTS }, (_, n) => randomLabels(rng, n));
    // Times begin and end at quarters of an hour.
    const left = QUARTER_MS - (Date.now() % QUARTER_MS);
    if (left < 3 * FLUSH_MS) await sleep(left + 1000);
    const [real, ours] = await Promise.all([showReal(config, alerts, seed), showOurs(config, alerts)]);
    expect(real.alerts).toHaveLength(ALERTS);
    seen.push(real);
    expect(comparable(ours)).toEqual(comparable(real));
  });

  it('occur of every kind', () => {
    const all = seen.flatMap(({ groups }) => groups.flatMap(group => group.alerts));
    const count = (has: (alert: AlertView) => boolean) => all.filter(has).length;
    const receivers = new Set(seen.flatMap(({ groups }) => groups.map(group => group.receiver.name)));
    expect(receivers.size).toBe(RECEIVERS);
    expect(count(({ receivers: list }) => list.length > 1)).toBeGreaterThan(ALERTS);
    expect(count(({ status }) => status.inhibitedBy.length > 0)).toBeGreaterThan(ALERTS / 2);
    expect(count(({ status }) => status.mutedBy.length > 0)).toBeGreaterThan(ALERTS / 2);
    expect(count(({ status }) => status.state === 'active')).toBeGreaterThan(ALERTS);
  });
});
