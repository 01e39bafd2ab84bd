import { isHeartbeat, type NotificationRecord } from './notification-record.ts';
import { MAX_RECENT_NOTIFICATIONS } from './state-store.ts';

/** The latest notifications, for people. */
export interface RecentNotifications {
  /** Replaces the `retrying` record of the same group and integration. Heartbeats are not kept. */
  add(record: NotificationRecord): void;
  /** Newest first. */
  newest(limit: number): NotificationRecord[];
}

export function createRecentNotifications(saved: readonly NotificationRecord[]): RecentNotifications {
  const finished = saved.slice(-MAX_RECENT_NOTIFICATIONS);
  const underWay = new Map<string, NotificationRecord>();
  return {
    add(record) {
      const key = JSON.stringify([record.groupKey, record.receiver, record.integration]);
      if (record.outcome === 'retrying') {
        underWay.set(key, record);
        return;
      }
      underWay.delete(key);
      if (isHeartbeat(record)) return;
      finished.push(record);
      if (finished.length > MAX_RECENT_NOTIFICATIONS) finished.shift();
    },
    newest: limit => [...finished, ...underWay.values()].sort((a, b) => b.at - a.at).slice(0, limit),
  };
}
