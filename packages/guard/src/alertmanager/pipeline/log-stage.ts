import type { Notification } from '../notification.ts';
import { expiryOf, type LogEntry, type Memory } from '../notification-log.ts';
import type { Delivery } from './delivery.ts';
import { note, type PipelineParts } from './parts.ts';
import { recordOf } from './record.ts';
import type { RetryOutcome } from './retry.ts';

/** Writes down what the receiver knows now that it was told. */
export function logStage(
  parts: PipelineParts,
  delivery: Delivery,
  notification: Notification,
  { answer, attempts, lastFailure: reason, remember }: RetryOutcome & { delivered: true },
): true {
  const entry = entryOf(parts, delivery, remember);
  const record = recordOf(delivery, notification, { outcome: 'delivered', attempts, reason }, entry.at);
  parts.log.put(entry);
  parts.record(record, entry);
  note(
    parts,
    delivery.flush,
    delivery.alerts,
    'sent',
    notification.reason,
    attempts > 1 ? `${answer} at attempt ${attempts}` : answer,
  );
  return true;
}

/** Writes down what the receiver did not want to be told. */
export function unwantedStage(parts: PipelineParts, delivery: Delivery): true {
  const entry = entryOf(parts, delivery);
  note(parts, delivery.flush, delivery.alerts, 'not sent', 'the receiver does not want resolves');
  parts.metrics.notifications.inc({ integration: delivery.integration.kind });
  parts.log.put(entry);
  parts.saveEntry(entry);
  return true;
}

/** Leaves the log as it was: the next group interval tries again. */
export function failStage(
  parts: PipelineParts,
  delivery: Delivery,
  notification: Notification,
  { attempts, lastFailure: reason, category }: RetryOutcome & { delivered: false },
): false {
  const { flush, integration, key } = delivery;
  // What a shutdown cuts short may have arrived, and so may what a crash cut short before.
  if (category !== 'contextCanceled' && !parts.log.isInterrupted(key)) parts.endAttempt(key);
  parts.metrics.failed.inc({ integration: integration.kind, reason: category });
  const end = { outcome: 'failed', attempts: Math.max(1, attempts), reason } as const;
  parts.record(recordOf(delivery, notification, end, parts.clock.now()));
  note(parts, flush, delivery.alerts, 'failed', reason);
  parts.logger.error(
    { receiver: integration.receiver, groupKey: flush.groupKey, attempts, reason },
    'notification failed; the next group interval tries again',
  );
  return false;
}

function entryOf(
  { clock, log }: PipelineParts,
  { flush, key, firing, resolved }: Delivery,
  remember?: Memory,
): LogEntry {
  const at = clock.now();
  const memory = remember ?? log.find(key)?.memory ?? {};
  return { ...key, at, expiresAt: expiryOf(at, flush.route.repeatInterval), firing, resolved, memory };
}
