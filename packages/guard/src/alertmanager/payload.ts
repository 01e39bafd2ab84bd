import type { Milliseconds } from '../core/index.ts';
import { type Alert, resolvedAt } from './alert.ts';
import { goTime, quoteMeta, ZERO_TIME } from './go-text.ts';
import { commonPairs, type Notification, statusOf } from './notification.ts';
import type { NotifyReason } from './pipeline/dedupe.ts';

type Pairs = Record<string, string>;

/** The webhook's body, version 4, in Alertmanager's field order. */
export interface WebhookPayload {
  /** The receiver's name, quoted as a regular expression. */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly PayloadAlert[];
  /** `unknown` where nobody is told yet: in labels of routes. */
  readonly notification_reason: NotifyReason | 'unknown';
  readonly groupLabels: Pairs;
  readonly commonLabels: Pairs;
  readonly commonAnnotations: Pairs;
  readonly routeLabels: Pairs;
  readonly externalURL: string;
  readonly version: '4';
  readonly groupKey: string;
  /** How many alerts `max_alerts` kept out. */
  readonly truncatedAlerts: number;
}

export interface PayloadAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Pairs;
  readonly annotations: Pairs;
  readonly startsAt: string;
  /** `0001-01-01T00:00:00Z` while it fires. */
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** `maxAlerts` 0: all. */
export function createPayload(notification: Notification, maxAlerts: number): WebhookPayload {
  const { alerts: all, now } = notification;
  const alerts = maxAlerts > 0 ? all.slice(0, maxAlerts) : all;
  return {
    receiver: quoteMeta(notification.receiver),
    status: statusOf(alerts, now),
    alerts: alerts.map(alert => payloadAlert(alert, now)),
    notification_reason: notification.reason,
    groupLabels: notification.groupLabels.toObject(),
    commonLabels: commonPairs(alerts.map(alert => alert.labels)),
    commonAnnotations: commonPairs(alerts.map(alert => alert.annotations)),
    routeLabels: notification.routeLabels,
    externalURL: notification.externalUrl,
    version: '4',
    groupKey: notification.groupKey,
    truncatedAlerts: all.length - alerts.length,
  };
}

function payloadAlert(alert: Alert, now: Milliseconds): PayloadAlert {
  const resolved = resolvedAt(alert, now);
  return {
    status: resolved ? 'resolved' : 'firing',
    labels: alert.labels.toObject(),
    annotations: alert.annotations.toObject(),
    startsAt: goTime(alert.startsAt),
    endsAt: resolved ? goTime(alert.endsAt) : ZERO_TIME,
    generatorURL: alert.generatorUrl,
    fingerprint: alert.fingerprint,
  };
}
