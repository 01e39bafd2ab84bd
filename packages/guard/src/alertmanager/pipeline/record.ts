import type { Milliseconds } from '../../core/index.ts';
import { commonPairs, type Notification, statusOf } from '../notification.ts';
import type { NotificationRecord } from '../notification-record.ts';
import type { Delivery } from './delivery.ts';

/** What people are shown of a notification. */
export function recordOf(
  { flush, integration, firing, resolved }: Delivery,
  notification: Notification,
  end: Pick<NotificationRecord, 'outcome' | 'attempts' | 'reason'>,
  at: Milliseconds,
): NotificationRecord {
  return {
    at,
    receiver: integration.receiver,
    integration: integration.name,
    groupKey: flush.groupKey,
    groupLabels: flush.groupLabels.toObject(),
    commonLabels: commonPairs(notification.alerts.map(alert => alert.labels)),
    status: statusOf(notification.alerts, notification.now),
    notificationReason: notification.reason,
    firing,
    resolved: integration.sendResolved ? resolved : [],
    ...end,
  };
}
