import { availableParallelism } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import type { Clock, Logger, Milliseconds } from '../core/index.ts';
import type { ApiErrorType } from './api-error.ts';
import type { QueryFailure, QueryLimits, QueryRequest } from './query-protocol.ts';
import { type QueryAnswer, type QueryThread, startQueryThread } from './query-thread.ts';

export interface QueryControls {
  /** Shortens the pool's own limit. */
  readonly timeout?: Milliseconds;
  /** Ends the query when its client leaves. */
  readonly signal?: AbortSignal;
}

/** Runs API queries on worker threads, so that none delays an evaluation or a notification. */
export interface QueryPool {
  /** Never rejects: what goes wrong is an answer. */
  run(request: QueryRequest, controls?: QueryControls): Promise<QueryAnswer>;
  close(): Promise<void>;
}

export interface QueryPoolOptions {
  readonly limits: QueryLimits;
  /** The step of subqueries that give none, as the configuration has it now. */
  readonly evaluationInterval: () => Milliseconds;
  readonly clock: Clock;
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
  readonly id: number;
  readonly request: QueryRequest;
  /** By the monotonic clock, as the next one. */
  readonly askedAt: Milliseconds;
  readonly deadline: Milliseconds;
  readonly settle: (answer: QueryAnswer) => void;
  thread?: QueryThread;
}

export function createQueryPool(options: QueryPoolOptions): QueryPool {
  const { limits, clock, logger, maxWorkers = Math.min(4, Math.max(2, availableParallelism())) } = options;
  const threads = new Set<QueryThread>();
  const queue: Job[] = [];
  let lastId = 0;
  let isClosed = false;

  function startThread(): QueryThread {
    const thread = startQueryThread({
      limits,
      connectReader: options.connectReader,
      onIdle: assign,
      onEnd(reason) {
        threads.delete(thread);
        logger.error({ reason }, 'a query worker ended; another takes its place');
        assign();
      },
    });
    threads.add(thread);
    return thread;
  }

  function freeThread(): QueryThread | undefined {
    let free: QueryThread | undefined;
    for (const thread of threads) if (thread.isIdle() && !(free && free.load <= thread.load)) free = thread;
    return free ?? (threads.size < maxWorkers ? startThread() : undefined);
  }

  function assign(): void {
    if (isClosed) return;
    while (queue.length > 0) {
      const thread = freeThread();
      if (!thread) return;
      runOn(thread, queue.shift()!);
    }
  }

  function runOn(thread: QueryThread, job: Job): void {
    const now = clock.monotonic();
    const left = job.deadline - now;
    if (left <= 0) {
      job.settle(failure('timeout', 'query timed out in query queue'));
      return;
    }
    job.thread = thread;
    options.flushReaders();
    const setting = {
      timeout: left,
      queued: now - job.askedAt,
      evaluationInterval: options.evaluationInterval(),
    };
    void thread.run(job.id, job.request, setting).then(job.settle);
  }

  function cancel(job: Job): void {
    job.thread?.cancel(job.id);
    const place = queue.indexOf(job);
    if (place < 0) return;
    queue.splice(place, 1);
    job.settle(failure('canceled', 'query was canceled in query queue'));
  }

  // The first worker stands ready, so that the first query does not wait for its start.
  startThread();

  return {
    run: (request, { timeout = limits.timeout, signal } = {}) =>
      new Promise(resolve => {
        if (queue.length >= MAX_QUEUED)
          return resolve(failure('timeout', `more than ${MAX_QUEUED} queries are waiting`));
        lastId = (lastId + 1) | 0;
        const askedAt = clock.monotonic();
        const onAbort = () => cancel(job);
        const job: Job = {
          id: lastId,
          request,
          askedAt,
          deadline: askedAt + Math.min(timeout, limits.timeout),
          settle(answer) {
            signal?.removeEventListener('abort', onAbort);
            resolve(answer);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        queue.push(job);
        assign();
      }),
    async close() {
      isClosed = true;
      const stopping = failure('canceled', 'the server is stopping');
      for (const job of queue.splice(0)) job.settle(stopping);
      await Promise.all([...threads].map(thread => thread.terminate(stopping)));
    },
  };
}

const failure = (type: ApiErrorType, message: string): QueryFailure => ({ ok: false, type, message });
