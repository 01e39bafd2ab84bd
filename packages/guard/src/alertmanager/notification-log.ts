import type { Milliseconds } from '../core/index.ts';

/** Who is told about what. */
export interface LogKey {
  readonly groupKey: string;
  readonly receiver: string;
  /** Which of the receiver's configurations: kind and place, `slack[0]`. */
  readonly integration: string;
}

/** What a receiver was last told about a group. */
export interface LogEntry extends LogKey {
  readonly at: Milliseconds;
  readonly expiresAt: Milliseconds;
  /** Fingerprints. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** What the receiver's notifier wants to know when it tells of this group again. */
  readonly memory: Memory;
}

/** What a notifier keeps of a notification, such as the id that the receiver gave its message. */
export type Memory = Readonly<Record<string, string>>;

/** How long an entry is kept at most: Alertmanager's `--data.retention` default, 120 h. */
const RETENTION: Milliseconds = 432_000_000;

export interface NotificationLog {
  find(key: LogKey): LogEntry | undefined;
  /** Whether a crash cut a notification short, so that nobody knows if the receiver got it. */
  isInterrupted(key: LogKey): boolean;
  /** Keeps the entry; it replaces the one before. */
  put(entry: LogEntry): void;
  /** Forgets and returns what has expired. */
  collectGarbage(now: Milliseconds): LogEntry[];
  /** Forgets and returns the interruptions of groups that are gone. */
  dropInterrupted(isLive: (groupKey: string) => boolean): LogKey[];
}

/** When an entry written now may be forgotten: after two repeat intervals. */
export const expiryOf = (now: Milliseconds, repeatInterval: Milliseconds): Milliseconds =>
  now + Math.min(RETENTION, 2 * repeatInterval);

export function createNotificationLog(
  saved: readonly LogEntry[],
  interruptions: readonly LogKey[],
): NotificationLog {
  const textOf = ({ groupKey, receiver, integration }: LogKey) =>
    JSON.stringify([groupKey, receiver, integration]);
  const entries = new Map(saved.map(entry => [textOf(entry), entry]));
  const interrupted = new Map(interruptions.map(key => [textOf(key), key]));
  return {
    find: key => entries.get(textOf(key)),
    isInterrupted: key => interrupted.has(textOf(key)),
    put(entry) {
      entries.set(textOf(entry), entry);
      interrupted.delete(textOf(entry));
    },
    collectGarbage(now) {
      const expired = [...entries].filter(([, entry]) => entry.expiresAt <= now);
      for (const [text] of expired) entries.delete(text);
      return expired.map(([, entry]) => entry);
    },
    dropInterrupted(isLive) {
      const stale = [...interrupted].filter(([, key]) => !isLive(key.groupKey));
      for (const [text] of stale) interrupted.delete(text);
      return stale.map(([, key]) => key);
    },
  };
}
