import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { NotificationStore } from './store.ts';

export const DELIVERY_OUTCOMES = ['accepted', 'invalid', 'behaviour', 'unwritten'] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];

/** The receiver's own metrics; returns what counts a delivery by its outcome. */
export function createReceiverMetrics(
  registry: Registry<OpenMetricsContentType>,
  store: NotificationStore,
): (outcome: DeliveryOutcome) => void {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'webhook_deliveries_total',
    help: 'Webhook requests by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of DELIVERY_OUTCOMES) deliveries.inc({ outcome }, 0);
  new Gauge({
    name: 'webhook_notifications',
    help: 'Notifications kept.',
    registers,
    collect() {
      this.set(store.stats().notifications);
    },
  });
  new Counter({
    name: 'webhook_evicted_total',
    help: 'What was forgotten because the limit of memory was reached.',
    labelNames: ['what'],
    registers,
    collect() {
      const { evictedNotifications, evictedDeliveries } = store.stats();
      this.reset();
      this.inc({ what: 'notification' }, evictedNotifications);
      this.inc({ what: 'delivery' }, evictedDeliveries);
    },
  });
  return outcome => deliveries.inc({ outcome });
}
