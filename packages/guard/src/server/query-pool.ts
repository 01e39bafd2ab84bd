import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type Logger, type Milliseconds, messageOf } from '../core/index.ts';
import type { AnswerMessage, QueryAnswer, QueryMessage, QueryRequest } from './query-protocol.ts';

/** The limits of one query, set once for all workers. */
export interface QueryLimits {
  readonly lookbackDelta: Milliseconds;
  readonly timeout: Milliseconds;
  readonly maxSamples: number;
}

/** Runs API queries on worker threads, so that none delays an evaluation or a notification. */
export interface QueryPool {
  /** Never rejects: what goes wrong is an answer. `signal` ends the query when its client leaves. */
  run(
    request: QueryRequest,
    options?: { timeout?: Milliseconds; signal?: AbortSignal },
  ): Promise<QueryAnswer>;
  close(): Promise<void>;
}

export interface QueryPoolOptions {
  readonly limits: QueryLimits;
  readonly logger: Logger;
  /** Gives the port on which a worker learns of the store's shared memory. */
  readonly connectReader: (port: MessagePort) => void;
  /** Called right before a query is posted: what is committed by then is seen by it. */
  readonly flushReaders: () => void;
  /** Threads at most; they are started when the ones before are busy. */
  readonly maxWorkers?: number;
}

/** Queries that wait for a thread at most; one more is refused (Prometheus queues without a limit). */
const MAX_QUEUED = 200;

interface Job {
  readonly message: QueryMessage;
  readonly settle: (answer: QueryAnswer) => void;
}

interface Slot {
  readonly worker: Worker;
  job: Job | undefined;
}

export function createQueryPool(options: QueryPoolOptions): QueryPool {
  const { limits, logger, maxWorkers = Math.min(4, Math.max(2, availableParallelism())) } = options;
  const slots = new Set<Slot>();
  const queue: Job[] = [];
  let lastId = 0;
  let closed = false;

  function startSlot(): Slot {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('./query-worker.ts', import.meta.url), {
      workerData: { storePort: port2, limits },
      transferList: [port2],
      name: 'query',
    });
    options.connectReader(port1);
    const slot: Slot = { worker, job: undefined };
    slots.add(slot);
    worker.on('message', ({ id, answer }: AnswerMessage) => {
      if (slot.job?.message.id !== id)
        throw new Error(`BUG: answer ${id} from a worker that has another query`);
      const { settle } = slot.job;
      slot.job = undefined;
      settle(answer);
      assign();
    });
    const onEnd = (reason: string) => {
      if (!slots.delete(slot)) return;
      port1.close();
      if (!closed) logger.error({ reason }, 'a query worker ended; another takes its place');
      slot.job?.settle({ ok: false, type: 'internal', message: `the query worker ended: ${reason}` });
      if (!closed) assign();
    };
    worker.on('error', error => onEnd(messageOf(error)));
    worker.on('exit', code => onEnd(`exit code ${code}`));
    return slot;
  }

  function assign(): void {
    while (queue.length > 0) {
      const idle = [...slots].find(slot => slot.job === undefined);
      if (!idle && slots.size >= maxWorkers) return;
      const slot = idle ?? startSlot();
      const job = queue.shift()!;
      slot.job = job;
      options.flushReaders();
      slot.worker.postMessage(job.message);
    }
  }

  // The first worker stands ready, so that the first query does not wait for its start.
  startSlot();

  return {
    run: (request, { timeout = limits.timeout, signal } = {}) =>
      new Promise<QueryAnswer>(resolve => {
        if (queue.length >= MAX_QUEUED) {
          resolve({ ok: false, type: 'timeout', message: `more than ${MAX_QUEUED} queries are waiting` });
          return;
        }
        const stop = new Int32Array(new SharedArrayBuffer(4));
        const onAbort = () => Atomics.store(stop, 0, 1);
        signal?.addEventListener('abort', onAbort, { once: true });
        const settle = (answer: QueryAnswer) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(answer);
        };
        lastId += 1;
        queue.push({ message: { id: lastId, request, timeout, stop }, settle });
        assign();
      }),
    async close() {
      closed = true;
      const unanswered: QueryAnswer = { ok: false, type: 'canceled', message: 'the server is stopping' };
      for (const job of queue.splice(0)) job.settle(unanswered);
      await Promise.all(
        [...slots].map(slot => {
          slot.job?.settle(unanswered);
          return slot.worker.terminate();
        }),
      );
    },
  };
}
