import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from './alert.ts';
import { alertOf, alertRow, groupSettled, type Row } from './state-rows.ts';

/**
 * The alerts on disk, a row for each, and the groups that they left. Rows are in the order in which alerts were first
 * heard of, so that new ones share pages, however their fingerprints spread.
 */
export interface AlertTable {
  /** Each with the number of the last refresh that its row knows of. */
  all(): ReadonlyArray<{ readonly alert: Alert; readonly refresh: number }>;
  settled(): ReadonlyMap<string, ReadonlySet<string>>;
  put(alert: Alert, refresh: number): void;
  drop(fingerprint: string): void;
  /** A group that the alert left; nothing for one that is not here. */
  settle(fingerprint: string, groupKey: string): void;
  unsettle(fingerprint: string): void;
}

/** Over a database that has seen `ALERTMANAGER_MIGRATIONS`. */
export function createAlertTable(database: DatabaseSync): AlertTable {
  const statement = (sql: string) => database.prepare(sql);
  const put = statement('INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const drop = statement('DELETE FROM alerts WHERE id = ?');
  const settle = statement('INSERT OR IGNORE INTO settled VALUES (?, ?)');
  const unsettle = statement('DELETE FROM settled WHERE fingerprint = ?');
  // A settled alert whose row was refused.
  database.exec('DELETE FROM settled WHERE fingerprint NOT IN (SELECT fingerprint FROM alerts)');
  const keys = statement('SELECT id, fingerprint FROM alerts ORDER BY id').all() as Row[];
  const ids = new Map(keys.map(({ id, fingerprint }) => [String(fingerprint), Number(id)]));
  let last = Number(keys.at(-1)?.id ?? 0);

  function idOf(fingerprint: string): number {
    const known = ids.get(fingerprint);
    if (known !== undefined) return known;
    last++;
    ids.set(fingerprint, last);
    return last;
  }

  return {
    all: () =>
      (statement('SELECT * FROM alerts ORDER BY id').all() as Row[]).map(row => ({
        alert: alertOf(row),
        refresh: Number(row.refresh),
      })),
    settled: () => groupSettled(statement('SELECT * FROM settled').all() as Row[]),
    put: (alert, refresh) => void put.run(idOf(alert.fingerprint), ...alertRow(alert, refresh)),
    drop(fingerprint) {
      const id = ids.get(fingerprint);
      if (id === undefined) return;
      drop.run(id);
      unsettle.run(fingerprint);
      ids.delete(fingerprint);
    },
    settle(fingerprint, groupKey) {
      if (ids.has(fingerprint)) settle.run(fingerprint, groupKey);
    },
    unsettle: fingerprint => void unsettle.run(fingerprint),
  };
}
