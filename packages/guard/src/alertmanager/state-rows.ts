import { Labels } from '../core/index.ts';
import type { Migration } from '../sqlite/index.ts';
import type { Alert } from './alert.ts';
import type { LogEntry, LogKey } from './notification-log.ts';

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
  `CREATE TABLE refreshes (id INTEGER PRIMARY KEY, alerts TEXT NOT NULL) STRICT;
   ALTER TABLE alerts ADD COLUMN refresh INTEGER NOT NULL DEFAULT 0;`,
  `ALTER TABLE notification_log RENAME TO old_log;
   CREATE TABLE notification_log (
     group_key TEXT NOT NULL,
     receiver TEXT NOT NULL,
     integration TEXT NOT NULL,
     at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     firing TEXT NOT NULL,
     resolved TEXT NOT NULL,
     memory TEXT NOT NULL,
     PRIMARY KEY (group_key, receiver, integration)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO notification_log
     SELECT group_key, receiver, 'webhook[' || integration || ']', at, expires_at, firing, resolved, '{}' FROM old_log;
   DROP TABLE old_log;
   ALTER TABLE attempts RENAME TO old_attempts;
   CREATE TABLE attempts (
     group_key TEXT NOT NULL,
     receiver TEXT NOT NULL,
     integration TEXT NOT NULL,
     PRIMARY KEY (group_key, receiver, integration)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO attempts SELECT group_key, receiver, 'webhook[' || integration || ']' FROM old_attempts;
   DROP TABLE old_attempts;`,
  `ALTER TABLE alerts RENAME TO old_alerts;
   CREATE TABLE alerts (
     id INTEGER PRIMARY KEY,
     fingerprint TEXT NOT NULL,
     labels TEXT NOT NULL,
     annotations TEXT NOT NULL,
     generator_url TEXT NOT NULL,
     starts_at INTEGER NOT NULL,
     ends_at INTEGER NOT NULL,
     updated_at INTEGER NOT NULL,
     timeout INTEGER NOT NULL,
     refresh INTEGER NOT NULL
   ) STRICT;
   INSERT INTO alerts
     SELECT NULL, fingerprint, labels, annotations, generator_url, starts_at, ends_at, updated_at, timeout, refresh
     FROM old_alerts;
   ALTER TABLE settled RENAME TO old_settled;
   CREATE TABLE settled (
     fingerprint TEXT NOT NULL,
     group_key TEXT NOT NULL,
     PRIMARY KEY (fingerprint, group_key)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO settled SELECT fingerprint, group_key FROM old_settled;
   DROP TABLE old_settled;
   DROP TABLE old_alerts;`,
];

export type Row = Record<string, string | number>;

const labelsOf = (json: unknown) => Labels.fromSorted(JSON.parse(String(json)));

/** `refresh` is the number of the last refresh that the row knows of. */
export function alertRow(alert: Alert, refresh: number) {
  const { fingerprint, labels, annotations, generatorUrl, startsAt, endsAt, updatedAt, timeout } = alert;
  const texts = [fingerprint, JSON.stringify(labels.flat), JSON.stringify(annotations.flat), generatorUrl];
  return [...texts, startsAt, endsAt, updatedAt, timeout ? 1 : 0, refresh] as const;
}

export const alertOf = (row: Row): Alert => ({
  fingerprint: String(row.fingerprint),
  labels: labelsOf(row.labels),
  annotations: labelsOf(row.annotations),
  generatorUrl: String(row.generator_url),
  startsAt: Number(row.starts_at),
  endsAt: Number(row.ends_at),
  updatedAt: Number(row.updated_at),
  timeout: row.timeout === 1,
});

export const keyRow = ({ groupKey, receiver, integration }: LogKey) =>
  [groupKey, receiver, integration] as const;

export const keyOf = (row: Row): LogKey => ({
  groupKey: String(row.group_key),
  receiver: String(row.receiver),
  integration: String(row.integration),
});

export const entryRow = (entry: LogEntry) =>
  [
    ...keyRow(entry),
    entry.at,
    entry.expiresAt,
    JSON.stringify(entry.firing),
    JSON.stringify(entry.resolved),
    JSON.stringify(entry.memory),
  ] as const;

export const entryOf = (row: Row): LogEntry => ({
  ...keyOf(row),
  at: Number(row.at),
  expiresAt: Number(row.expires_at),
  firing: JSON.parse(String(row.firing)),
  resolved: JSON.parse(String(row.resolved)),
  memory: JSON.parse(String(row.memory)),
});

export function groupSettled(rows: readonly Row[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const row of rows) {
    const fingerprint = String(row.fingerprint);
    groups.set(fingerprint, (groups.get(fingerprint) ?? new Set()).add(String(row.group_key)));
  }
  return groups;
}
