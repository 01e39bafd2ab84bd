import type { DatabaseSync } from 'node:sqlite';
import { Labels, type Logger, messageOf } from '../core/index.ts';
import { inTransaction, type Migration } from '../sqlite/index.ts';
import type { Alert } from './alert.ts';
import type { LogEntry, LogKey } from './notification-log.ts';
import type { NotificationRecord } from './notification-record.ts';
import type { StoredSilence } from './silences.ts';

/** How many notifications are remembered. */
export const MAX_RECENT_NOTIFICATIONS = 1000;

/** The schema of the router's file; released steps are never changed. */
export const ALERTMANAGER_MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE alerts (
     fingerprint TEXT PRIMARY KEY,
     labels TEXT NOT NULL,
     annotations TEXT NOT NULL,
     generator_url TEXT NOT NULL,
     starts_at INTEGER NOT NULL,
     ends_at INTEGER NOT NULL,
     updated_at INTEGER NOT NULL,
     timeout INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE settled (
     fingerprint TEXT NOT NULL REFERENCES alerts ON DELETE CASCADE,
     group_key TEXT NOT NULL,
     PRIMARY KEY (fingerprint, group_key)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE notification_log (
     group_key TEXT NOT NULL,
     receiver TEXT NOT NULL,
     integration INTEGER NOT NULL,
     at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     firing TEXT NOT NULL,
     resolved TEXT NOT NULL,
     PRIMARY KEY (group_key, receiver, integration)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE attempts (
     group_key TEXT NOT NULL,
     receiver TEXT NOT NULL,
     integration INTEGER NOT NULL,
     PRIMARY KEY (group_key, receiver, integration)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE silences (id TEXT PRIMARY KEY, silence TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE notifications (id INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;`,
];

/** What was kept of an earlier run. */
export interface SavedState {
  readonly alerts: readonly Alert[];
  /** Group keys in which a resolved alert was told as far as it will be, by fingerprint. */
  readonly settled: ReadonlyMap<string, ReadonlySet<string>>;
  readonly log: readonly LogEntry[];
  /** Notifications that were begun and whose end is unknown. */
  readonly attempts: readonly LogKey[];
  readonly silences: readonly StoredSilence[];
  /** Oldest first. */
  readonly notifications: readonly NotificationRecord[];
}

/**
 * The router's durable state. Writes are on disk when they return true; when the disk refuses they log, count and
 * return false, because a page must go out all the same.
 */
export interface StateStore {
  load(): SavedState;
  /** Writes alerts that came in; what was settled about them no longer holds. */
  saveAlerts(alerts: readonly Alert[]): boolean;
  removeAlerts(fingerprints: readonly string[]): boolean;
  /** Resolved alerts that left this group, told or found not to need telling. */
  settle(fingerprints: readonly string[], groupKey: string): boolean;
  /** A notification is about to be sent. */
  beginAttempt(key: LogKey): boolean;
  /** Its end is known, or no longer matters. */
  endAttempts(keys: readonly LogKey[]): boolean;
  /** The log entry and the record of one notification; either may be missing. An entry ends the attempt. */
  saveNotification(entry: LogEntry | undefined, record: NotificationRecord | undefined): boolean;
  removeLogEntries(entries: readonly LogEntry[]): boolean;
  saveSilence(silence: StoredSilence): boolean;
  removeSilences(ids: readonly string[]): boolean;
  close(): void;
}

type Row = Record<string, string | number>;

/** Over an open database that has seen `ALERTMANAGER_MIGRATIONS`. */
export function createStateStore(database: DatabaseSync, logger: Logger, onRefusal: () => void): StateStore {
  const statement = (sql: string) => database.prepare(sql);
  const putAlert = statement('INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const unsettle = statement('DELETE FROM settled WHERE fingerprint = ?');
  const dropAlert = statement('DELETE FROM alerts WHERE fingerprint = ?');
  const putSettled = statement(
    'INSERT OR IGNORE INTO settled SELECT fingerprint, ? FROM alerts WHERE fingerprint = ?',
  );
  const putEntry = statement('INSERT OR REPLACE INTO notification_log VALUES (?, ?, ?, ?, ?, ?, ?)');
  const dropEntry = statement(
    'DELETE FROM notification_log WHERE group_key = ? AND receiver = ? AND integration = ?',
  );
  const putAttempt = statement('INSERT OR REPLACE INTO attempts VALUES (?, ?, ?)');
  const dropAttempt = statement(
    'DELETE FROM attempts WHERE group_key = ? AND receiver = ? AND integration = ?',
  );
  const putSilence = statement('INSERT OR REPLACE INTO silences VALUES (?, ?)');
  const dropSilence = statement('DELETE FROM silences WHERE id = ?');
  const putRecord = statement('INSERT INTO notifications (record) VALUES (?)');
  const trimRecords = statement('DELETE FROM notifications WHERE id <= ?');
  const all = (table: string) => statement(`SELECT * FROM ${table}`).all() as Row[];

  function write(work: () => void): boolean {
    try {
      inTransaction(database, work);
      return true;
    } catch (error) {
      onRefusal();
      logger.error(
        { reason: messageOf(error) },
        'alert state could not be written: a restart may repeat or delay pages',
      );
      return false;
    }
  }

  function writeRecord(record: NotificationRecord): void {
    const { lastInsertRowid } = putRecord.run(JSON.stringify(record));
    trimRecords.run(Number(lastInsertRowid) - MAX_RECENT_NOTIFICATIONS);
  }

  return {
    load: () => ({
      alerts: all('alerts').map(alertOf),
      settled: groupSettled(all('settled')),
      log: all('notification_log').map(entryOf),
      attempts: all('attempts').map(keyOf),
      silences: all('silences').map(row => JSON.parse(String(row.silence)) as StoredSilence),
      notifications: all('notifications').map(row => JSON.parse(String(row.record)) as NotificationRecord),
    }),
    saveAlerts: alerts =>
      write(() => {
        for (const alert of alerts) {
          unsettle.run(alert.fingerprint);
          putAlert.run(...alertRow(alert));
        }
      }),
    removeAlerts: fingerprints =>
      write(() => {
        for (const fingerprint of fingerprints) dropAlert.run(fingerprint);
      }),
    settle: (fingerprints, groupKey) =>
      write(() => {
        for (const fingerprint of fingerprints) putSettled.run(groupKey, fingerprint);
      }),
    beginAttempt: key => write(() => void putAttempt.run(...keyRow(key))),
    endAttempts: keys =>
      write(() => {
        for (const key of keys) dropAttempt.run(...keyRow(key));
      }),
    saveNotification: (entry, record) =>
      write(() => {
        if (entry) {
          putEntry.run(...entryRow(entry));
          dropAttempt.run(...keyRow(entry));
        }
        if (record) writeRecord(record);
      }),
    removeLogEntries: entries =>
      write(() => {
        for (const entry of entries) dropEntry.run(...keyRow(entry));
      }),
    saveSilence: silence => write(() => void putSilence.run(silence.id, JSON.stringify(silence))),
    removeSilences: ids =>
      write(() => {
        for (const id of ids) dropSilence.run(id);
      }),
    close: () => database.close(),
  };
}

const labelsOf = (json: unknown) => Labels.fromSorted(JSON.parse(String(json)));

function alertRow(alert: Alert) {
  const { fingerprint, labels, annotations, generatorUrl, startsAt, endsAt, updatedAt, timeout } = alert;
  const texts = [fingerprint, JSON.stringify(labels.flat), JSON.stringify(annotations.flat), generatorUrl];
  return [...texts, startsAt, endsAt, updatedAt, timeout ? 1 : 0] as const;
}

const alertOf = (row: Row): Alert => ({
  fingerprint: String(row.fingerprint),
  labels: labelsOf(row.labels),
  annotations: labelsOf(row.annotations),
  generatorUrl: String(row.generator_url),
  startsAt: Number(row.starts_at),
  endsAt: Number(row.ends_at),
  updatedAt: Number(row.updated_at),
  timeout: row.timeout === 1,
});

const keyRow = ({ groupKey, receiver, integration }: LogKey) => [groupKey, receiver, integration] as const;

const keyOf = (row: Row): LogKey => ({
  groupKey: String(row.group_key),
  receiver: String(row.receiver),
  integration: Number(row.integration),
});

const entryRow = (entry: LogEntry) =>
  [
    ...keyRow(entry),
    entry.at,
    entry.expiresAt,
    JSON.stringify(entry.firing),
    JSON.stringify(entry.resolved),
  ] as const;

const entryOf = (row: Row): LogEntry => ({
  ...keyOf(row),
  at: Number(row.at),
  expiresAt: Number(row.expires_at),
  firing: JSON.parse(String(row.firing)),
  resolved: JSON.parse(String(row.resolved)),
});

function groupSettled(rows: readonly Row[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const row of rows) {
    const fingerprint = String(row.fingerprint);
    groups.set(fingerprint, (groups.get(fingerprint) ?? new Set()).add(String(row.group_key)));
  }
  return groups;
}
