import type { Registry } from 'prom-client';
import { type Clock, type Logger, messageOf } from '../core/index.ts';
import type { Appendable } from '../promql/storage.ts';
import { createWriteMetrics } from './metrics.ts';
import type { WriteOutcome } from './outcome.ts';
import { createRequestReaders } from './request-readers.ts';
import type { Tally } from './tally.ts';
import type { WriteVersion } from './transaction.ts';
import { createWriteQueue, SHARED_BYTES } from './write-queue.ts';

export interface WriteReceiverOptions {
  readonly appendable: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** Receives remote write requests; the part that does not depend on HTTP. */
export interface WriteReceiver {
  /** `body` is compressed with snappy. Resolves once the request's samples are synced to disk, or refused. */
  receive(body: Buffer, version: WriteVersion): Promise<WriteOutcome>;
}

const LOGGED_LENGTH = 500;

/** A receiver for `/api/v1/write`, versions 1.0 and 2.0, as of Prometheus 3.16. */
export function createWriteReceiver(options: WriteReceiverOptions): WriteReceiver {
  const { appendable, clock, logger, registry } = options;
  const metrics = createWriteMetrics(registry);
  let transactions = 0;
  const queue = createWriteQueue(
    {
      appendable,
      clock,
      readers: createRequestReaders(),
      room: Buffer.allocUnsafe(SHARED_BYTES),
      begin: () => ({ appender: appendable.appender(), id: ++transactions, weight: 0 }),
    },
    error => logger.error({ error: messageOf(error) }, 'storing a remote write request failed'),
  );
  return {
    async receive(body, version) {
      const { outcome, tally } = await queue.add(body, version);
      metrics.onRequest(version, outcome, tally);
      log(version, outcome, tally);
      return outcome;
    },
  };

  function log(version: WriteVersion, outcome: WriteOutcome, tally: Tally): void {
    const { invalidLabels, exemplarsDropped } = tally;
    if (outcome.type !== 'written') {
      const level = outcome.type === 'failed' ? 'error' : 'warn';
      const reason = outcome.message.slice(0, LOGGED_LENGTH);
      logger[level]({ version, outcome: outcome.type, reason }, 'remote write refused');
    } else if (invalidLabels > 0 || exemplarsDropped > 0)
      logger.warn({ version, invalidLabels, exemplarsDropped }, 'remote write left something out');
  }
}
