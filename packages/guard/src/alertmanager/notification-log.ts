import type { Milliseconds } from '../core/index.ts';

/** What a receiver was last told about a group. */
export interface LogEntry {
  readonly groupKey: string;
  readonly receiver: string;
  /** The place among the receiver's configurations. */
  readonly integration: number;
  readonly at: Milliseconds;
  readonly expiresAt: Milliseconds;
  /** Fingerprints. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

/** How long an entry is kept at most: Alertmanager's `--data.retention` default, 120 h. */
const RETENTION: Milliseconds = 432_000_000;

export interface NotificationLog {
  find(groupKey: string, receiver: string, integration: number): LogEntry | undefined;
  /** Keeps the entry; it replaces the one before. */
  put(entry: LogEntry): void;
  /** Forgets and returns what has expired. */
  collectGarbage(now: Milliseconds): LogEntry[];
}

/** When an entry written now may be forgotten: after two repeat intervals. */
export const expiryOf = (now: Milliseconds, repeatInterval: Milliseconds): Milliseconds =>
  now + Math.min(RETENTION, 2 * repeatInterval);

export function createNotificationLog(saved: readonly LogEntry[]): NotificationLog {
  const keyOf = (groupKey: string, receiver: string, integration: number) =>
    JSON.stringify([groupKey, receiver, integration]);
  const entries = new Map(saved.map(each => [keyOf(each.groupKey, each.receiver, each.integration), each]));
  return {
    find: (groupKey, receiver, integration) => entries.get(keyOf(groupKey, receiver, integration)),
    put: entry => void entries.set(keyOf(entry.groupKey, entry.receiver, entry.integration), entry),
    collectGarbage(now) {
      const expired = [...entries].filter(([, entry]) => entry.expiresAt <= now);
      for (const [key] of expired) entries.delete(key);
      return expired.map(([, entry]) => entry);
    },
  };
}
