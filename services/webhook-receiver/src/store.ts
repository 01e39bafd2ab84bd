import type { WebhookAlert, WebhookPayload } from './payload.ts';

/** What is kept at most; older ones make room, and are counted. */
export const LIMITS = { notifications: 10_000, deliveryBytes: 16 * 1024 * 1024 } as const;

/** One status of one incident. Times of receipt in Unix milliseconds, the alert's own as they were sent. */
export interface Notification {
  readonly fingerprint: string;
  readonly startsAt: string;
  endsAt: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  receiver: string;
  groupKey: string;
  readonly firstReceivedAt: number;
  lastReceivedAt: number;
  /** How often it was delivered with this status. */
  deliveries: number;
}

/** One accepted request: the body as it came. */
export interface Delivery {
  readonly receivedAt: number;
  readonly payload: unknown;
}

export interface NotificationStore {
  add(payload: WebhookPayload, raw: unknown, bytes: number, receivedAt: number): void;
  /** Newest first; with `since`, those received at or after it. */
  notifications(since?: number): Notification[];
  /** Newest first. */
  deliveries(): Delivery[];
  stats(): {
    deliveries: number;
    notifications: number;
    evictedNotifications: number;
    evictedDeliveries: number;
  };
}

/** An incident is a fingerprint and a start; JSON keeps the two apart whatever they contain. */
function incidentOf(alert: WebhookAlert): string {
  return JSON.stringify([alert.fingerprint, alert.startsAt]);
}

/**
 * Keeps notifications in memory. Delivery is at least once, so the same status of the same incident is one entry
 * that counts its deliveries; only a change of status makes a new one.
 */
export function createNotificationStore(
  limits: { notifications: number; deliveryBytes: number } = LIMITS,
): NotificationStore {
  const entries = new Set<Notification>();
  const latest = new Map<string, Notification>();
  const raws: (Delivery & { bytes: number })[] = [];
  let rawBytes = 0;
  let total = 0;
  let evictedNotifications = 0;
  let evictedDeliveries = 0;

  function addAlert(alert: WebhookAlert, payload: WebhookPayload, receivedAt: number): void {
    const incident = incidentOf(alert);
    const known = latest.get(incident);
    if (known?.status === alert.status) {
      Object.assign(known, {
        endsAt: alert.endsAt,
        annotations: alert.annotations,
        receiver: payload.receiver,
        groupKey: payload.groupKey,
        lastReceivedAt: receivedAt,
        deliveries: known.deliveries + 1,
      });
      return;
    }
    const entry: Notification = {
      fingerprint: alert.fingerprint,
      startsAt: alert.startsAt,
      endsAt: alert.endsAt,
      status: alert.status,
      labels: alert.labels,
      annotations: alert.annotations,
      receiver: payload.receiver,
      groupKey: payload.groupKey,
      firstReceivedAt: receivedAt,
      lastReceivedAt: receivedAt,
      deliveries: 1,
    };
    entries.add(entry);
    latest.set(incident, entry);
    if (entries.size > limits.notifications) evictOldest();
  }

  function evictOldest(): void {
    const [oldest] = entries;
    if (oldest === undefined) return;
    entries.delete(oldest);
    evictedNotifications += 1;
    const incident = JSON.stringify([oldest.fingerprint, oldest.startsAt]);
    if (latest.get(incident) === oldest) latest.delete(incident);
  }

  return {
    add(payload, raw, bytes, receivedAt) {
      total += 1;
      raws.push({ receivedAt, payload: raw, bytes });
      rawBytes += bytes;
      while (rawBytes > limits.deliveryBytes && raws.length > 1) {
        rawBytes -= raws.shift()?.bytes ?? 0;
        evictedDeliveries += 1;
      }
      for (const alert of payload.alerts) addAlert(alert, payload, receivedAt);
    },
    notifications: (since = Number.NEGATIVE_INFINITY) =>
      [...entries].filter(entry => entry.lastReceivedAt >= since).reverse(),
    deliveries: () => raws.map(({ receivedAt, payload }) => ({ receivedAt, payload })).reverse(),
    stats: () => ({
      deliveries: total,
      notifications: entries.size,
      evictedNotifications,
      evictedDeliveries,
    }),
  };
}
