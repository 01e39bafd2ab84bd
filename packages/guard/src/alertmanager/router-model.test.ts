import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createVirtualClock, silentLogger, type VirtualClock } from '../core/index.ts';
import { type Alertmanager, createAlertmanager } from './alertmanager.ts';
import { loadAlertmanagerConfig } from './load-config.ts';
import type { Notification } from './notification.ts';
import { createPayload } from './payload.ts';
import * as router from './router-model.testing.ts';

const SECOND = 1000;
/** Between the ticks of maintenance. */
const START = 1_700_000_000_500;
const ALERTS = ['A', 'B'].flatMap(name => ['x', 'y'].map(service => ({ name, service })));
type Id = (typeof ALERTS)[number];

type Model = { readonly router: router.ModelRouter };
/** The router as it runs, on a file and a clock of its own. */
interface Real {
  readonly clock: VirtualClock;
  readonly file: string;
  readonly settings: router.ModelSettings;
  readonly told: router.ModelTelling[];
  readonly silences: string[];
  refuses: boolean;
  router: Alertmanager;
}

let folder: string;
let files = 0;
beforeAll(() => {
  // Every step is synced to disk; in memory, where the system has such a folder, that costs nothing.
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'router-model-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const configOf = ({ groupWait, groupInterval, repeatInterval, ...rest }: router.ModelSettings) =>
  loadAlertmanagerConfig(
    'am.yml',
    `global: { resolve_timeout: ${rest.resolveTimeout}ms }
route: { receiver: r, group_by: [service], group_wait: ${groupWait}ms, group_interval: ${groupInterval}ms, repeat_interval: ${repeatInterval}ms }
receivers: [{ name: r, webhook_configs: [{ url: 'http://localhost:1/', send_resolved: ${rest.sendResolved} }] }]`,
  );

function start(real: Omit<Real, 'router'>): Alertmanager {
  const started = createAlertmanager({
    config: configOf(real.settings),
    clock: real.clock,
    logger: silentLogger,
    registry: new Registry(),
    database: real.file,
    externalUrl: '',
    createNotifier: () => ({
      async notify(notification) {
        real.told.push([real.clock.now(), textOf(notification), !real.refuses]);
        return real.refuses
          ? { outcome: 'failed', reason: 'refused' }
          : { outcome: 'delivered', reason: 'taken' };
      },
    }),
  });
  started.start();
  return started;
}

function textOf(notification: Notification): string {
  const { alerts, groupLabels, notification_reason } = createPayload(notification, 0);
  const parts = ['firing', 'resolved'].flatMap(status => {
    const names = alerts.filter(alert => alert.status === status).map(alert => alert.labels.alertname);
    return names.length > 0 ? [`${status} ${names.join(' ')}`] : [];
  });
  return `${groupLabels.service}: ${parts.join(', ')} (${notification_reason})`;
}

function createReal(settings: router.ModelSettings): Real {
  const base = {
    clock: createVirtualClock(START),
    file: join(folder, `${files++}.db`),
    settings,
    told: [],
    silences: [],
    refuses: false,
  };
  const real: Real = Object.assign(base, { router: undefined as never });
  real.router = start(real);
  return real;
}

function command(
  name: string,
  run: (model: router.ModelRouter, real: Real, now: number) => unknown,
): fc.AsyncCommand<Model, Real> {
  return {
    check: () => true,
    async run(model, real) {
      await run(model.router, real, real.clock.now());
      expect(shownBy(real)).toEqual(expectedToShow(model.router, real.clock.now()));
    },
    toString: () => name,
  };
}

const labelsOf = ({ name, service }: Id) => ({ alertname: name, service });

const fire = (id: Id, seconds: number | undefined) =>
  command(`fire ${id.name}/${id.service} for ${seconds} s`, (model, real, now) => {
    const endsAt = seconds === undefined ? undefined : now + seconds * SECOND;
    real.router.put([{ labels: labelsOf(id), startsAt: now, ...(endsAt !== undefined && { endsAt }) }]);
    router.fire(model, id, endsAt, now);
  });

const resolve = (id: Id) =>
  command(`resolve ${id.name}/${id.service}`, (model, real, now) => {
    const startsAt = router.resolve(model, id, now);
    real.router.put([{ labels: labelsOf(id), startsAt, endsAt: now }]);
  });

const advance = (seconds: number) =>
  command(`advance ${seconds} s`, async (model, real, now) => {
    real.told.length = 0;
    await real.clock.advance(seconds * SECOND);
    const expected = router.advance(model, now, now + seconds * SECOND);
    const inOrder = (told: readonly router.ModelTelling[]) =>
      told.toSorted(([at, text], [otherAt, other]) => at - otherAt || (text < other ? -1 : 1));
    expect(inOrder(real.told)).toEqual(inOrder(expected));
  });

const silence = (label: 'alertname' | 'service', value: string, delay: number, seconds: number) =>
  command(`silence ${label}=${value} in ${delay} s for ${seconds} s`, (model, real, now) => {
    const from = now + delay * SECOND;
    const until = from + seconds * SECOND;
    const matchers = [{ name: label, value, isRegex: false, isEqual: true }];
    const span = { startsAt: from, endsAt: until, createdBy: 'me', comment: '' };
    real.silences.push(real.router.silences.set({ matchers, ...span }));
    model.silences.push({ label, value, from, until });
  });

/** Ends the newest silence. */
const expire = command('expire', (model, real, now) => {
  const newest = model.silences.at(-1);
  if (!newest) return;
  real.router.silences.expire(real.silences.at(-1)!);
  if (newest.until <= now) return;
  model.silences.splice(-1, 1, { ...newest, from: Math.min(newest.from, now), until: now });
});

const receiver = (refuses: boolean) =>
  command(refuses ? 'receiver refuses' : 'receiver takes', (model, real) => {
    real.refuses = refuses;
    model.refuses = refuses;
  });

const restart = (seconds: number) =>
  command(`restart, away for ${seconds} s`, async (model, real, now) => {
    await real.router.stop();
    await real.clock.advance(seconds * SECOND);
    real.router = start(real);
    router.restart(model, now + seconds * SECOND);
  });

const shownBy = ({ router }: Real) =>
  router
    .alerts()
    .filter(({ endsAt }) => Date.parse(endsAt) > 0)
    .map(({ labels, startsAt, endsAt, status }) => [
      `${labels.alertname}/${labels.service}`,
      Date.parse(startsAt),
      Date.parse(endsAt),
      status.silencedBy.length > 0,
    ])
    .sort();

const expectedToShow = (model: router.ModelRouter, now: number) =>
  [...model.alerts]
    .filter(([, { endsAt }]) => endsAt >= now)
    .map(([key, alert]) => [key, alert.startsAt, alert.endsAt, router.isSilenced(model, alert, now)])
    .sort();

const idArbitrary = fc.constantFrom(...ALERTS);
const valueArbitrary = fc.constantFrom<Array<readonly ['alertname' | 'service', string]>>(
  ['alertname', 'A'],
  ['service', 'x'],
  ['service', 'y'],
);
const advanceArbitrary = fc.constantFrom(0, 1, 3, 5, 10, 30, 61, 400).map(advance);
const commandsArbitrary = fc.commands(
  [
    advanceArbitrary,
    advanceArbitrary,
    advanceArbitrary,
    fc.tuple(idArbitrary, fc.constantFrom(undefined, 2, 20, 900)).map(([id, seconds]) => fire(id, seconds)),
    fc.tuple(idArbitrary, fc.constantFrom(60, 3600)).map(([id, seconds]) => fire(id, seconds)),
    idArbitrary.map(resolve),
    fc
      .tuple(valueArbitrary, fc.constantFrom(0, 7), fc.constantFrom(4, 40, 300))
      .map(([[label, value], delay, seconds]) => silence(label, value, delay, seconds)),
    fc.constant(expire),
    fc.boolean().map(receiver),
    fc.constantFrom(0, 5, 700).map(restart),
  ],
  { maxCommands: 40, size: 'max' },
);
const settingsArbitrary = fc.record({
  groupWait: fc.constantFrom(0, 3, 10).map(seconds => seconds * SECOND),
  groupInterval: fc.constantFrom(5, 30).map(seconds => seconds * SECOND),
  repeatInterval: fc.constantFrom(4, 60, 3600).map(seconds => seconds * SECOND),
  sendResolved: fc.boolean(),
  resolveTimeout: fc.constantFrom(10, 300).map(seconds => seconds * SECOND),
});

it('tells, shows and keeps what the model does', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(settingsArbitrary, commandsArbitrary, async (settings, commands) => {
      const real = createReal(settings);
      const setup = () => ({ model: { router: router.createModel(settings) }, real });
      await fc.asyncModelRun(setup, commands).finally(() => real.router.stop());
    }),
    { numRuns: Number(process.env.SLO_GUARD_MODEL_RUNS ?? 250), seed: 11 },
  );
});
