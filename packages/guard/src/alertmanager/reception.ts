import type { Clock, Milliseconds } from '../core/index.ts';
import type { Alert } from './alert.ts';
import type { AlertStore } from './alert-store.ts';
import type { Metrics } from './metrics.ts';
import { acceptAlert, type PostableAlert, type PutResult } from './postable-alert.ts';

export interface ReceptionOptions {
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'received' | 'invalid' | 'processing'>;
  readonly store: AlertStore;
  readonly resolveTimeout: () => Milliseconds;
  /** Brings what changed to the groups. */
  readonly enter: (alerts: readonly Alert[]) => void;
}

/** Takes batches of alerts in: those that can be alerts are kept, whatever else the batch holds. */
export function createReception(options: ReceptionOptions): (batch: readonly PostableAlert[]) => PutResult {
  const { clock, metrics, store } = options;
  return batch => {
    const now = clock.now();
    const startedAt = clock.monotonic();
    const invalid: Array<PutResult['invalid'][number]> = [];
    const accepted: Alert[] = [];
    const resolveTimeout = options.resolveTimeout();
    let firing = 0;
    for (const [index, postable] of batch.entries()) {
      if (postable.endsAt === undefined || postable.endsAt > now) firing++;
      const alert = acceptAlert(postable, now, resolveTimeout);
      if ('invalid' in alert) {
        invalid.push({ index, message: alert.invalid });
        metrics.invalid.inc({ version: 'v2' });
      } else accepted.push(alert);
    }
    metrics.received.inc({ status: 'firing', version: 'v2' }, firing);
    metrics.received.inc({ status: 'resolved', version: 'v2' }, batch.length - firing);
    const { changed, durable } = store.hear(accepted, now);
    options.enter(changed);
    metrics.processing.observe((clock.monotonic() - startedAt) / 1000);
    return { accepted: accepted.length, invalid, durable };
  };
}
