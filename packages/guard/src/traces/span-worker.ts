import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type Logger, type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { openDatabase } from '../sqlite/index.ts';
import type { SentError, WorkerCalls, WorkerData, WorkerMessage, WorkerRequest } from './protocol.ts';
import type { SpanBatch } from './rows.ts';
import { SPAN_MIGRATIONS } from './schema.ts';
import { createSpanReader } from './span-reader.ts';
import { createRetention } from './span-retention.ts';
import { createSpanWriter } from './span-writer.ts';

/** Spans committed in one transaction at most; more wait for the next, so that reads are not held up. */
const MAX_SPANS_PER_COMMIT = 5000;
/** Kilobytes of pages that SQLite keeps in memory. */
const CACHE_KILOBYTES = 8192;

const port = parentPort!;
const post = (message: WorkerMessage) => port.postMessage(message);
const log =
  (level: 'debug' | 'info' | 'warn' | 'error') =>
  (fields: object, message: string): void =>
    post({ type: 'log', level, fields, message });
const logger: Logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };

const sentError = (error: unknown): SentError =>
  error instanceof UserError
    ? { code: error.code, message: error.problems[0]!.message }
    : { code: undefined, message: messageOf(error) };

function open({ file, now }: WorkerData): DatabaseSync {
  const database = openDatabase({
    file,
    migrations: SPAN_MIGRATIONS,
    clock: { now: () => now },
    logger,
    exclusive: true,
  });
  database.exec(`PRAGMA cache_size = -${CACHE_KILOBYTES}; PRAGMA journal_size_limit = 16777216`);
  return database;
}

interface QueuedWrite {
  readonly id: number;
  readonly batch: SpanBatch;
  readonly now: Milliseconds;
}

/** Answers requests until `close`. Writes that wait together are committed together. */
function serve(database: DatabaseSync): void {
  const reader = createSpanReader(database);
  const writer = createSpanWriter(database);
  const retain = createRetention(database);
  const queue: QueuedWrite[] = [];

  function takeWrites(): QueuedWrite[] {
    let spans = 0;
    const count = queue.findIndex(({ batch }) => {
      const full = spans > 0 && spans + batch.spans > MAX_SPANS_PER_COMMIT;
      spans += batch.spans;
      return full;
    });
    return queue.splice(0, count === -1 ? queue.length : count);
  }

  function commit(): void {
    const writes = takeWrites();
    if (writes.length === 0) return;
    try {
      const now = Math.max(...writes.map(write => write.now));
      const added = writer.write(
        writes.map(write => write.batch),
        now,
      );
      for (const [index, { id }] of writes.entries())
        post({ type: 'answer', id, value: { added: added[index]! } });
    } catch (error) {
      for (const { id } of writes) post({ type: 'error', id, error: sentError(error) });
    }
    if (queue.length > 0) setImmediate(commit);
  }

  function enqueue(write: QueuedWrite): void {
    if (queue.push(write) === 1) setImmediate(commit);
  }

  async function retainInSteps(bounds: WorkerCalls['retain']['argument']) {
    const removed = { byAge: 0, byCount: 0 };
    for (let more = true; more; ) {
      const step = retain(bounds);
      removed.byAge += step.byAge;
      removed.byCount += step.byCount;
      more = step.more;
      writer.forget();
      await new Promise(resolve => setImmediate(resolve));
    }
    return removed;
  }

  function statistics() {
    const pragma = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()![name]);
    return {
      ...reader.counts(),
      fileBytes: pragma('page_count') * pragma('page_size'),
      workerHeapBytes: process.memoryUsage().heapUsed,
    };
  }

  function close(): null {
    while (queue.length > 0) commit();
    database.close();
    return null;
  }

  type Handlers = {
    [N in Exclude<keyof WorkerCalls, 'write'>]: (
      argument: WorkerCalls[N]['argument'],
    ) => WorkerCalls[N]['answer'] | Promise<WorkerCalls[N]['answer']>;
  };
  const handlers: Handlers = {
    services: () => reader.services(),
    operations: ({ service, kind }) => reader.operations(service, kind),
    search: query => reader.search(query),
    trace: traceId => reader.trace(traceId),
    recent: limit => reader.recent(limit),
    retain: retainInSteps,
    statistics,
    close,
  };

  port.on('message', async (request: WorkerRequest) => {
    const { id, name, argument } = request;
    if (name === 'write') {
      enqueue({ id, ...argument });
      return;
    }
    try {
      const value = await (handlers[name] as (argument: unknown) => unknown)(argument);
      post({ type: 'answer', id, value });
      if (name === 'close') port.close();
    } catch (error) {
      post({ type: 'error', id, error: sentError(error) });
    }
  });
}

try {
  serve(open(workerData as WorkerData));
  post({ type: 'ready' });
} catch (error) {
  post({ type: 'failed-to-open', error: sentError(error) });
}
