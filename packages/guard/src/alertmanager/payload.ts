import type { Labels, Milliseconds } from '../core/index.ts';
import { type Alert, resolvedAt } from './alert.ts';
import type { NotifyReason } from './dedupe.ts';
import { goTime, quoteMeta, ZERO_TIME } from './go-text.ts';

type Pairs = Record<string, string>;

/** The webhook's body, version 4, in Alertmanager's field order. */
export interface WebhookPayload {
  /** The receiver's name, quoted as a regular expression. */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly PayloadAlert[];
  readonly notification_reason: NotifyReason;
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

export interface PayloadInput {
  readonly receiver: string;
  /** At least one, in order. */
  readonly alerts: readonly Alert[];
  readonly reason: NotifyReason;
  readonly groupLabels: Labels;
  readonly routeLabels: Labels;
  readonly groupKey: string;
  readonly externalUrl: string;
  /** 0: all. */
  readonly maxAlerts: number;
  /** The instant of the flush, which decides what is resolved. */
  readonly now: Milliseconds;
}

export function createPayload(input: PayloadInput): WebhookPayload {
  const { alerts: all, maxAlerts, now } = input;
  const alerts = maxAlerts > 0 ? all.slice(0, maxAlerts) : all;
  return {
    receiver: quoteMeta(input.receiver),
    status: alerts.every(alert => resolvedAt(alert, now)) ? 'resolved' : 'firing',
    alerts: alerts.map(alert => payloadAlert(alert, now)),
    notification_reason: input.reason,
    groupLabels: input.groupLabels.toObject(),
    commonLabels: common(alerts.map(alert => alert.labels)),
    commonAnnotations: common(alerts.map(alert => alert.annotations)),
    routeLabels: input.routeLabels.toObject(),
    externalURL: input.externalUrl,
    version: '4',
    groupKey: input.groupKey,
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

/** The pairs that all sets share. */
function common([first, ...others]: readonly Labels[]): Pairs {
  if (!first) return {};
  const shared = [...first].filter(([name, value]) => others.every(each => each.get(name) === value));
  return Object.fromEntries(shared);
}
