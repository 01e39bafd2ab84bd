import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, Labels, milliseconds, silentLogger } from '../core/index.ts';
import { openDatabase } from '../sqlite/index.ts';
import type { Alert } from './alert.ts';
import { createAlertStore } from './alert-store.ts';
import { ALERTMANAGER_MIGRATIONS } from './state-rows.ts';
import { createStateStore, type StateStore } from './state-store.ts';

const MINUTE = 60_000;
const clock = createVirtualClock(milliseconds(0));

let folder: string;
let database: DatabaseSync;
let state: StateStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-store-'));
  open();
});
afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, 'state.db');

function open(): void {
  database = openDatabase({ file: file(), migrations: ALERTMANAGER_MIGRATIONS, clock, logger: silentLogger });
  state = createStateStore({ database, clock, logger: silentLogger, onRefusal: () => {} });
}

function reopen(): void {
  state.close();
  open();
}

const openStore = () =>
  createAlertStore({ saved: state.load(), state, now: clock.now(), resolveTimeout: 5 * MINUTE });

/** A file with the first `steps` of the schema alone, brought up to date. */
function startFrom(steps: number, fill: (old: DatabaseSync) => void): void {
  state.close();
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const migrations = ALERTMANAGER_MIGRATIONS.slice(0, steps);
  const old = openDatabase({ file: file(), migrations, clock, logger: silentLogger });
  fill(old);
  old.close();
  open();
}

function alertOf(name: string, changes: Partial<Alert> = {}): Alert {
  const labels = Labels.of({ alertname: name });
  return {
    fingerprint: labels.fingerprint(),
    labels,
    annotations: Labels.of({ summary: 'it burns' }),
    generatorUrl: '',
    startsAt: 0,
    endsAt: 5 * MINUTE,
    updatedAt: 0,
    timeout: false,
    ...changes,
  };
}

const count = (table: string) => Number(database.prepare(`SELECT count(*) n FROM ${table}`).get()!.n);

describe('what is said again of an alert', () => {
  const first = alertOf('A');
  const refreshed = alertOf('A', { endsAt: 6 * MINUTE, updatedAt: MINUTE });
  const tell = (alerts: readonly Alert[]) =>
    state.saveAlerts({ written: [], unsettled: [], refreshed: alerts, isNews: false });
  const write = (alerts: readonly Alert[]) =>
    state.saveAlerts({ written: alerts, unsettled: [], refreshed: [], isNews: true });

  it('is there after a restart', () => {
    write([first, alertOf('B')]);
    tell([refreshed]);
    reopen();
    expect(state.load().alerts.toSorted((a, b) => b.endsAt - a.endsAt)).toEqual([refreshed, alertOf('B')]);
  });

  it('gives way to what was written later, at the same instant too', () => {
    write([first]);
    tell([refreshed]);
    const resolved = alertOf('A', { endsAt: MINUTE, updatedAt: MINUTE });
    write([resolved]);
    reopen();
    expect(state.load().alerts).toEqual([resolved]);
    tell([refreshed]);
    reopen();
    expect(state.load().alerts).toEqual([refreshed]);
  });

  it('is folded once it has become long, and holds', () => {
    const alerts = Array.from({ length: 500 }, (_, i) => alertOf(`A${i}`));
    write(alerts);
    let told = alerts;
    for (let round = 1; !state.hasManyRefreshes(); round++) {
      expect(round).toBeLessThan(200);
      told = alerts.map(alert => ({ ...alert, endsAt: alert.endsAt + round, updatedAt: round }));
      tell(told);
    }
    expect(count('refreshes')).toBeGreaterThan(10);
    state.foldRefreshes(told);
    expect(count('refreshes')).toBe(1);
    expect(state.hasManyRefreshes()).toBe(false);
    reopen();
    expect(new Set(state.load().alerts.map(alert => alert.endsAt))).toEqual(new Set([told[0]!.endsAt]));
  });
});

describe('the alerts that are known', () => {
  it('take what only says again what is known for a refresh, and everything else for news', () => {
    const store = openStore();
    const hear = (changes: Partial<Alert>, now: number) =>
      store.hear([alertOf('A', { updatedAt: now, ...changes })], milliseconds(now));
    hear({}, 0);
    expect([count('alerts'), count('refreshes')]).toEqual([1, 0]);
    hear({ endsAt: 6 * MINUTE }, MINUTE);
    expect(count('refreshes')).toBe(1);
    hear({ endsAt: 7 * MINUTE, annotations: Labels.of({ summary: 'it burns more' }) }, 2 * MINUTE);
    hear({ endsAt: 3 * MINUTE }, 3 * MINUTE);
    expect(count('refreshes')).toBe(1);
    reopen();
    expect([...openStore().all()][0]).toMatchObject({ endsAt: 3 * MINUTE });
  });

  it('are known at once and written at the end of the turn where senders wait for the disk together', async () => {
    const store = openStore();
    const share = (name: string) => store.hearShared([alertOf(name)], clock.now()).durable;
    const durable = [share('A'), share('B')];
    expect([...store.all()]).toHaveLength(2);
    expect(count('alerts')).toBe(0);
    expect(await Promise.all(durable)).toEqual([true, true]);
    expect(count('alerts')).toBe(2);
    const waiting = share('C');
    expect(store.hear([alertOf('D')], clock.now()).durable).toBe(true);
    expect(count('alerts')).toBe(4);
    expect(await waiting).toBe(true);
    expect(await store.hearShared([], clock.now()).durable).toBe(true);
    reopen();
    expect([...openStore().all()]).toHaveLength(4);
  });
});

describe('an alert and the groups that it left', () => {
  it('are there after a restart, until the alert is heard of again or forgotten', async () => {
    const store = openStore();
    store.hear([alertOf('A'), alertOf('B'), alertOf('C')], clock.now());
    for (const name of ['A', 'B', 'C']) store.settle([alertOf(name).fingerprint], '{}:{}');
    store.settle(['0000000000000000'], '{}:{}');
    await clock.turn();
    store.hear([alertOf('A', { endsAt: 6 * MINUTE })], clock.now());
    store.collectGarbage(milliseconds(5 * MINUTE), fingerprint => fingerprint !== alertOf('B').fingerprint);
    reopen();
    const { alerts, settled } = state.load();
    expect(alerts.map(({ labels }) => labels.get('alertname'))).toEqual(['A', 'C']);
    expect([...settled.keys()]).toEqual([alertOf('C').fingerprint]);
  });

  it('come along from when rows were in the order of fingerprints', () => {
    const names = ['A', 'B', 'C', 'D'];
    startFrom(3, old => {
      for (const name of names) {
        const { fingerprint, labels } = alertOf(name);
        old.exec(
          `INSERT INTO alerts VALUES ('${fingerprint}', '${JSON.stringify(labels.flat)}', '["summary","it burns"]', '', 0, ${5 * MINUTE}, 0, 0, 7)`,
        );
      }
      old.exec(`INSERT INTO settled VALUES ('${alertOf('B').fingerprint}', '{}:{}')`);
    });
    const { alerts, settled } = state.load();
    expect(new Map(alerts.map(alert => [alert.fingerprint, alert]))).toEqual(
      new Map(names.map(name => [alertOf(name).fingerprint, alertOf(name)])),
    );
    expect(settled).toEqual(new Map([[alertOf('B').fingerprint, new Set(['{}:{}'])]]));
    openStore().hear([alertOf('B', { endsAt: 9 * MINUTE }), alertOf('E')], clock.now());
    reopen();
    expect(state.load().alerts).toHaveLength(5);
    expect(state.load().settled.size).toBe(0);
  });
});

describe('what receivers were told', () => {
  const entry = { groupKey: '{}:{a="b"}', receiver: 'r', integration: 'slack[0]', at: 1, expiresAt: 2 };

  it('is there after a restart, with what their notifiers remember', () => {
    const told = { ...entry, firing: ['f'], resolved: [], memory: { ts: '171.5', channel: 'C042' } };
    state.saveNotification(told, undefined);
    reopen();
    expect(state.load().log).toEqual([told]);
  });

  it('comes along from before there was a memory', () => {
    startFrom(2, old => {
      old.exec(`INSERT INTO notification_log VALUES ('{}:{a="b"}', 'r', 1, 1, 2, '["f"]', '[]')`);
      old.exec(`INSERT INTO attempts VALUES ('{}:{a="b"}', 'r', 0)`);
    });
    const { log, attempts } = state.load();
    expect(log).toEqual([{ ...entry, integration: 'webhook[1]', firing: ['f'], resolved: [], memory: {} }]);
    expect(attempts).toEqual([{ groupKey: entry.groupKey, receiver: 'r', integration: 'webhook[0]' }]);
  });
});
