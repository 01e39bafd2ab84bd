import type { Notification } from '../notification.ts';
import type { Delivery } from './delivery.ts';
import type { PipelineParts } from './parts.ts';
import { recordOf } from './record.ts';
import { notifyWithRetry, type RetryOutcome } from './retry.ts';

/** Sends, again and again until it is delivered, refused for good or the time of the flush is over. */
export async function notifyStage(
  parts: PipelineParts,
  delivery: Delivery,
  notification: Notification,
): Promise<RetryOutcome> {
  const { metrics, logger, clock, rng } = parts;
  const { flush, integration } = delivery;
  const labels = { integration: integration.kind };
  metrics.notifications.inc(labels);
  // A group that fires anew is a new message (notify/dedup_stage.go).
  const isNew = notification.reason === 'first notification';
  const memory = (isNew ? undefined : parts.log.find(delivery.key)?.memory) ?? {};
  await parts.beginAttempt(delivery.key);
  return notifyWithRetry({
    clock,
    rng,
    signal: flush.signal,
    attempt: () => integration.notifier.notify(notification, flush.signal, memory),
    onAttempt(attempts, result, duration) {
      metrics.requests.inc(labels);
      metrics.latency.observe(labels, duration / 1000);
      if (result.outcome === 'delivered') return;
      metrics.requestsFailed.inc(labels);
      if (result.outcome === 'failed') return;
      const { reason } = result;
      parts.record(recordOf(delivery, notification, { outcome: 'retrying', attempts, reason }, clock.now()));
      if (attempts > 1) return;
      const { receiver } = integration;
      logger.warn({ receiver, groupKey: flush.groupKey, reason }, 'notification failed, retrying');
    },
  });
}
