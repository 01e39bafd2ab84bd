import type { Clock, Milliseconds } from '../core/index.ts';
import type { Alert } from './alert.ts';
import type { AlertStore, Heard } from './alert-store.ts';
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

type Batch = readonly PostableAlert[];

/** Takes batches of alerts in: those that can be alerts are kept, whatever else the batch holds. */
export interface Reception {
  /** What it takes is durable when it returns. */
  put(batch: Batch): PutResult;
  /** Resolves when that is so; waits together with the other batches of this turn of the event loop. */
  putShared(batch: Batch): Promise<PutResult>;
}

export function createReception(options: ReceptionOptions): Reception {
  const { clock, metrics, store } = options;

  function take<Durable>(
    batch: Batch,
    hear: (heard: readonly Alert[], now: Milliseconds) => Heard<Durable>,
  ): Omit<PutResult, 'durable'> & { readonly durable: Durable } {
    const now = clock.now();
    const startedAt = clock.monotonic();
    const invalid: Array<PutResult['invalid'][number]> = [];
    const accepted: Alert[] = [];
    const context = { now, resolveTimeout: options.resolveTimeout(), known: store.get };
    let firing = 0;
    for (const [index, postable] of batch.entries()) {
      if (postable.endsAt === undefined || postable.endsAt > now) firing++;
      const alert = acceptAlert(postable, context);
      if ('invalid' in alert) {
        invalid.push({ index, message: alert.invalid });
        metrics.invalid.inc({ version: 'v2' });
      } else accepted.push(alert);
    }
    metrics.received.inc({ status: 'firing', version: 'v2' }, firing);
    metrics.received.inc({ status: 'resolved', version: 'v2' }, batch.length - firing);
    const { changed, durable } = hear(accepted, now);
    options.enter(changed);
    metrics.processing.observe((clock.monotonic() - startedAt) / 1000);
    return { accepted: accepted.length, invalid, durable };
  }

  return {
    put: batch => take(batch, store.hear),
    async putShared(batch) {
      const { durable, ...taken } = take(batch, store.hearShared);
      return { ...taken, durable: await durable };
    },
  };
}
