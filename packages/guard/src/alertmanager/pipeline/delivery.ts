import type { Flush } from '../aggregation-group.ts';
import { type Alert, resolvedAt } from '../alert.ts';
import type { Notification } from '../notification.ts';
import type { LogKey } from '../notification-log.ts';
import type { Notifier } from '../notifier.ts';
import type { IntegrationKind } from '../receivers/config.ts';
import type { NotifyReason } from './dedupe.ts';
import type { PipelineParts } from './parts.ts';

/** One configuration of a receiver with what brings notifications there. */
export interface Integration {
  readonly receiver: string;
  /** What kind of receiver it is, as metrics name it: `webhook`. */
  readonly kind: IntegrationKind;
  /** Kind and place among the receiver's configurations of the kind, `slack[0]`. */
  readonly name: string;
  readonly sendResolved: boolean;
  readonly notifier: Notifier;
}

/** What one integration may be told at one flush. */
export interface Delivery {
  readonly flush: Flush;
  readonly integration: Integration;
  readonly key: LogKey;
  /** At least one: those that nothing mutes. */
  readonly alerts: readonly Alert[];
  /** Fingerprints of those among them that fire, and of those that have resolved. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

export function createDelivery(flush: Flush, integration: Integration, alerts: readonly Alert[]): Delivery {
  const of = (wanted: boolean) =>
    alerts.filter(alert => resolvedAt(alert, flush.now) === wanted).map(alert => alert.fingerprint);
  const key = { groupKey: flush.groupKey, receiver: integration.receiver, integration: integration.name };
  return { flush, integration, key, alerts, firing: of(false), resolved: of(true) };
}

/** What to send; undefined when only resolves are left and the receiver does not want them. */
export function notificationOf(
  { flush, integration, alerts: all }: Delivery,
  reason: NotifyReason,
  { externalUrl, renderRouteLabels }: Pick<PipelineParts, 'externalUrl' | 'renderRouteLabels'>,
): Notification | undefined {
  const alerts = integration.sendResolved ? all : all.filter(alert => !resolvedAt(alert, flush.now));
  if (alerts.length === 0) return undefined;
  return {
    receiver: integration.receiver,
    alerts,
    reason,
    groupLabels: flush.groupLabels,
    routeLabels: renderRouteLabels(flush),
    groupKey: flush.groupKey,
    externalUrl,
    now: flush.now,
  };
}
