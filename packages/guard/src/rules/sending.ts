import type { Milliseconds } from '../core/index.ts';
import type { Alert, Alerts } from './alert.ts';
import type { OutgoingAlert } from './alert-sender.ts';
import { tableLink } from './template-functions.ts';

export interface SendingOptions {
  readonly at: Milliseconds;
  readonly interval: Milliseconds;
  readonly resendDelay: Milliseconds;
  readonly externalUrl: string;
  /** The rule's expression, printed. */
  readonly query: string;
}

function needsSending(alert: Alert, at: Milliseconds, resendDelay: Milliseconds): boolean {
  if (alert.state === 'pending') return false;
  const lastSentAt = alert.lastSentAt ?? -Infinity;
  if (alert.resolvedAt !== undefined && alert.resolvedAt > lastSentAt) return true;
  return lastSentAt + resendDelay < at;
}

/** The alerts that are due for sending, marked as sent (rules/alerting.go `sendAlerts`). */
export function takeDueAlerts(alerts: Alerts, options: SendingOptions): OutgoingAlert[] {
  const { at, interval, resendDelay, externalUrl, query } = options;
  const due = [...alerts.values()].filter(alert => needsSending(alert, at, resendDelay));
  return due.map(alert => {
    alert.lastSentAt = at;
    return {
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: alert.firedAt ?? alert.activeAt,
      // Two evaluations or sends may fail before a firing alert ends by itself.
      endsAt: alert.resolvedAt ?? at + 4 * Math.max(interval, resendDelay),
      generatorUrl: externalUrl + tableLink(query),
    };
  });
}
