import type { Registry } from 'prom-client';
import {
  type Clock,
  createSystemClock,
  type Logger,
  type Milliseconds,
  messageOf,
  startTicker,
  UserError,
} from '../core/index.ts';
import { IngestRefused } from '../otlp/index.ts';
import { createSpanStoreMetrics } from './metrics.ts';
import {
  MAX_SEARCH_LIMIT,
  type SpanStore,
  SpanStoreUnavailable,
  type StoredTrace,
  type TraceQuery,
} from './model.ts';
import { fromRawTrace, type RawTrace, toBatch } from './rows.ts';
import { startWorker } from './worker-client.ts';

export interface SpanStoreOptions {
  /** Path of the SQLite file; its folder is made when missing. No other process may have it open. */
  readonly file: string;
  readonly clock?: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Traces that got no span for so long are removed. */
  readonly retention: Milliseconds;
  /** Spans kept; beyond it, the traces that got no span for longest are removed. A million by default. */
  readonly maxSpans?: number;
  /** Spans that may wait for their commit; beyond it, writes are refused as overloaded. */
  readonly maxQueuedSpans?: number;
  /** The same in characters, for large spans. */
  readonly maxQueuedSize?: number;
}

export const DEFAULT_MAX_SPANS = 1_000_000;
const DEFAULT_MAX_QUEUED_SPANS = 20_000;
const DEFAULT_MAX_QUEUED_SIZE = 32 * 1024 * 1024;
const RETENTION_INTERVAL: Milliseconds = 30_000;
const RETRY_WHEN_OVERLOADED: Milliseconds = 1000;
const RETRY_WHEN_UNAVAILABLE: Milliseconds = 5000;

const yieldToOthers = () => new Promise<void>(resolve => setImmediate(resolve));

function toStoredTrace(raw: RawTrace): StoredTrace {
  return { traceId: raw.traceId, spanCount: raw.spanCount, resourceSpans: fromRawTrace(raw) };
}

function checkQuery({ limit }: TraceQuery): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_SEARCH_LIMIT)
    throw new UserError('trace-search-limit', `limit must be 1 to ${MAX_SEARCH_LIMIT}, is ${limit}`);
}

/**
 * Opens the span store on a thread of its own, with its own file.
 *
 * @throws UserError `store-locked`, `store-unavailable` or `store-too-new`, as `openDatabase` does.
 */
export async function createSpanStore(options: SpanStoreOptions): Promise<SpanStore> {
  const { file, logger, retention, clock = createSystemClock() } = options;
  const maxSpans = options.maxSpans ?? DEFAULT_MAX_SPANS;
  const maxQueuedSpans = options.maxQueuedSpans ?? DEFAULT_MAX_QUEUED_SPANS;
  const maxQueuedSize = options.maxQueuedSize ?? DEFAULT_MAX_QUEUED_SIZE;
  const metrics = createSpanStoreMetrics(options.registry);
  const worker = await startWorker({ file, clock, logger, onRestart: () => metrics.restarts.inc() });
  const queued = { spans: 0, size: 0 };

  function refuse(reason: 'overloaded' | 'unavailable', spans: number, message: string): IngestRefused {
    metrics.refused.inc({ reason }, spans);
    const retryAfter = reason === 'overloaded' ? RETRY_WHEN_OVERLOADED : RETRY_WHEN_UNAVAILABLE;
    return new IngestRefused(reason, message, retryAfter);
  }

  /** A batch larger than the whole queue is taken when nothing else waits, so that it can pass at all. */
  function checkRoom(spans: number, size: number): void {
    if (queued.spans === 0) return;
    if (queued.spans + spans > maxQueuedSpans || queued.size + size > maxQueuedSize)
      throw refuse(
        'overloaded',
        spans,
        `${queued.spans} spans of ${queued.size} characters wait to be stored (limits are ${maxQueuedSpans} and ${maxQueuedSize})`,
      );
  }

  function take(spans: number, size: number): void {
    queued.spans += spans;
    queued.size += size;
    metrics.queued.set(queued.spans);
  }

  async function write(resourceSpans: Parameters<SpanStore['write']>[0]): Promise<void> {
    const batch = toBatch(resourceSpans);
    if (batch.spans === 0) return;
    checkRoom(batch.spans, batch.size);
    take(batch.spans, batch.size);
    try {
      const { added } = await worker.call('write', { batch, now: clock.now() });
      metrics.stored.inc(added);
      metrics.spans.inc(added);
      metrics.duplicates.inc(batch.spans - added);
    } catch (error) {
      metrics.writeFailures.inc();
      logger.error({ file, spans: batch.spans, reason: messageOf(error) }, 'spans could not be stored');
      throw refuse('unavailable', batch.spans, `spans could not be stored: ${messageOf(error)}`);
    } finally {
      take(-batch.spans, -batch.size);
    }
  }

  async function applyRetention(): Promise<void> {
    const { byAge, byCount } = await worker.call('retain', { before: clock.now() - retention, maxSpans });
    metrics.removed.inc({ reason: 'age' }, byAge);
    metrics.removed.inc({ reason: 'count' }, byCount);
    if (byAge + byCount > 0) logger.info({ file, byAge, byCount }, 'old spans were removed');
    metrics.spans.set((await worker.call('statistics', null)).spans);
  }

  metrics.spans.set((await worker.call('statistics', null)).spans);
  const ticker = startTicker(clock, {
    interval: RETENTION_INTERVAL,
    offset: 0,
    onTick: applyRetention,
    onError: error => {
      // A lost worker is told by its client.
      if (!(error instanceof SpanStoreUnavailable))
        logger.error({ file, reason: messageOf(error) }, 'old spans could not be removed');
    },
  });

  return {
    write,
    services: () => worker.call('services', null),
    operations: (service, kind) => worker.call('operations', { service, kind }),
    async search(query) {
      checkQuery(query);
      const traces: StoredTrace[] = [];
      for (const raw of await worker.call('search', query)) {
        traces.push(toStoredTrace(raw));
        // Many large traces must not hold up this thread.
        await yieldToOthers();
      }
      return traces;
    },
    async trace(traceId) {
      const raw = await worker.call('trace', traceId);
      return raw && toStoredTrace(raw);
    },
    recent: limit => worker.call('recent', limit),
    async statistics() {
      return { ...(await worker.call('statistics', null)), queuedSpans: queued.spans };
    },
    async close() {
      const stopped = ticker.stop();
      await worker.close();
      await stopped;
    },
  };
}
