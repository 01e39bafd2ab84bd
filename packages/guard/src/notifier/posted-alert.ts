import { Labels } from '../core/index.ts';
import type { OutgoingAlert } from '../rules/alert-sender.ts';
import { type RelabelRule, relabel } from '../scrape/index.ts';

/** An alert as Alertmanager's API takes it (`POST /api/v2/alerts`). */
export interface PostedAlert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
}

export const postedAlert = (alert: OutgoingAlert): PostedAlert => ({
  labels: alert.labels.toObject(),
  annotations: alert.annotations.toObject(),
  startsAt: new Date(alert.startsAt).toISOString(),
  endsAt: new Date(alert.endsAt).toISOString(),
  generatorURL: alert.generatorUrl,
});

/**
 * The alerts with external labels, over which their own win, after the rules; those that a rule drops are left out
 * (notifier/alert.go relabelAlerts).
 */
export function relabelAlerts<T extends Pick<OutgoingAlert, 'labels'>>(
  alerts: readonly T[],
  externalLabels: Labels,
  rules: readonly RelabelRule[],
): readonly T[] {
  if (externalLabels.size === 0 && rules.length === 0) return alerts;
  return alerts.flatMap(alert => {
    const labels = relabel(Labels.of([...externalLabels, ...alert.labels]), rules);
    return labels ? [{ ...alert, labels }] : [];
  });
}
