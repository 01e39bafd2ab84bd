import type { DatabaseSync } from 'node:sqlite';
import { type Clock, type Logger, messageOf } from '../core/index.ts';
import { createGroupCommit } from '../sqlite/index.ts';
import type { Alert } from './alert.ts';
import { createAlertTable } from './alert-table.ts';
import type { LogEntry, LogKey } from './notification-log.ts';
import type { NotificationRecord } from './notification-record.ts';
import { createRefreshLog } from './refresh-log.ts';
import type { StoredSilence } from './silences.ts';
import { entryOf, entryRow, keyOf, keyRow, type Row } from './state-rows.ts';

/** How many notifications are remembered. */
export const MAX_RECENT_NOTIFICATIONS = 1000;

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

/** A batch of alerts that came in. */
export interface HeardAlerts {
  /** To be written whole. */
  readonly written: readonly Alert[];
  /** Of those written: what was settled about them no longer holds. */
  readonly unsettled: readonly string[];
  /** Known as they are but for their end and when they were last heard of. */
  readonly refreshed: readonly Alert[];
  /** False where every sender says again what is known: that may be lost with the power, though not with the process. */
  readonly isNews: boolean;
}

/**
 * The router's durable state. Writes are kept in the order in which they are given; those of one turn of the event loop
 * share a transaction. When the disk refuses they log, count and tell false, because a page must go out all the same.
 */
export interface StateStore {
  load(): SavedState;
  /** Whether they are durable. */
  saveAlerts(heard: HeardAlerts): boolean;
  /** As `saveAlerts`, but news waits for the disk together with what else this turn writes. */
  queueAlerts(heard: HeardAlerts): Promise<boolean>;
  /** Whether refreshes have become so many that they should be folded into how things stand. */
  hasManyRefreshes(): boolean;
  foldRefreshes(alerts: Iterable<Alert>): boolean;
  removeAlerts(fingerprints: readonly string[]): boolean;
  /** Resolved alerts that left this group, told or found not to need telling. */
  settle(fingerprints: readonly string[], groupKey: string): Promise<boolean>;
  /** A notification is to be sent once this is durable. */
  beginAttempt(key: LogKey): Promise<boolean>;
  /** Its end is known, or no longer matters. */
  endAttempts(keys: readonly LogKey[]): Promise<boolean>;
  /** The log entry and the record of one notification; either may be missing. An entry ends the attempt. */
  saveNotification(entry: LogEntry | undefined, record: NotificationRecord | undefined): Promise<boolean>;
  removeLogEntries(entries: readonly LogEntry[]): boolean;
  saveSilence(silence: StoredSilence): boolean;
  removeSilences(ids: readonly string[]): boolean;
  close(): void;
}

export interface StateStoreOptions {
  /** Has seen `ALERTMANAGER_MIGRATIONS`. */
  readonly database: DatabaseSync;
  readonly clock: Pick<Clock, 'turn'>;
  readonly logger: Logger;
  readonly onRefusal: () => void;
}

export function createStateStore({ database, clock, logger, onRefusal }: StateStoreOptions): StateStore {
  const statement = (sql: string) => database.prepare(sql);
  const putEntry = statement('INSERT OR REPLACE INTO notification_log VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
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

  const { now, later, laterRelaxed, relaxed, flush } = createGroupCommit({
    database,
    clock,
    onRefused(error) {
      onRefusal();
      logger.error(
        { reason: messageOf(error) },
        'alert state could not be written: a restart may repeat or delay pages',
      );
    },
  });
  const table = createAlertTable(database);
  const refreshes = createRefreshLog(database);

  const writing =
    ({ written, refreshed, unsettled }: HeardAlerts) =>
    () => {
      for (const fingerprint of unsettled) table.unsettle(fingerprint);
      for (const alert of written) table.put(alert, refreshes.last());
      if (refreshed.length > 0) refreshes.add(refreshed);
    };

  function writeRecord(record: NotificationRecord): void {
    const { lastInsertRowid } = putRecord.run(JSON.stringify(record));
    trimRecords.run(Number(lastInsertRowid) - MAX_RECENT_NOTIFICATIONS);
  }

  return {
    load: () => ({
      alerts: table.all().map(({ alert, refresh }) => refreshes.applied(alert, refresh)),
      settled: table.settled(),
      log: all('notification_log').map(entryOf),
      attempts: all('attempts').map(keyOf),
      silences: all('silences').map(row => JSON.parse(String(row.silence)) as StoredSilence),
      notifications: all('notifications').map(row => JSON.parse(String(row.record)) as NotificationRecord),
    }),
    saveAlerts: heard => (heard.isNews ? now : relaxed)(writing(heard)),
    queueAlerts: heard => (heard.isNews ? later : laterRelaxed)(writing(heard)),
    hasManyRefreshes: refreshes.isLong,
    foldRefreshes: alerts => now(() => refreshes.fold([...alerts])),
    removeAlerts: fingerprints =>
      now(() => {
        for (const fingerprint of fingerprints) table.drop(fingerprint);
      }),
    settle: (fingerprints, groupKey) =>
      later(() => {
        for (const fingerprint of fingerprints) table.settle(fingerprint, groupKey);
      }),
    beginAttempt: key => later(() => void putAttempt.run(...keyRow(key))),
    endAttempts: keys =>
      later(() => {
        for (const key of keys) dropAttempt.run(...keyRow(key));
      }),
    saveNotification: (entry, record) =>
      later(() => {
        if (entry) {
          putEntry.run(...entryRow(entry));
          dropAttempt.run(...keyRow(entry));
        }
        if (record) writeRecord(record);
      }),
    removeLogEntries: entries =>
      now(() => {
        for (const entry of entries) dropEntry.run(...keyRow(entry));
      }),
    saveSilence: silence => now(() => void putSilence.run(silence.id, JSON.stringify(silence))),
    removeSilences: ids =>
      now(() => {
        for (const id of ids) dropSilence.run(id);
      }),
    close() {
      flush();
      database.close();
    },
  };
}
