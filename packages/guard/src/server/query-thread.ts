import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { entryModule, type Milliseconds, messageOf } from '../core/index.ts';
import type { TextPieces } from './query-json.ts';
import type { QueryFailure, QueryLimits, QueryRequest, WorkerNews, WorkerOrder } from './query-protocol.ts';

/** One thread that answers queries, one at a time; answers that are long leave it in parts, while others are computed. */
export interface QueryThread {
  /** Whether it computes nothing, and is not full of answers that nobody takes. */
  isIdle(): boolean;
  /** Answers under way. */
  readonly load: number;
  /** For an idle thread alone. The query's id must be new. */
  run(id: number, request: QueryRequest, setting: QuerySetting): Promise<QueryAnswer>;
  /** Ends the query soon if it is computed here, with a failure `canceled`. */
  cancel(id: number): void;
  /** Settles what is under way with `failure`. */
  terminate(failure: QueryFailure): Promise<void>;
}

/** What holds for one query. */
export interface QuerySetting {
  /** How long it may take from here on. */
  readonly timeout: Milliseconds;
  /** How long it has waited. */
  readonly queued: Milliseconds;
  /** The step of subqueries that give none. */
  readonly evaluationInterval: Milliseconds;
}

export type QueryAnswer =
  /** `body` is the whole body of the HTTP answer, made in the worker; or its beginning, where `rest` has more. */
  { readonly ok: true; readonly body: Uint8Array; readonly rest?: BodyParts } | QueryFailure;

/** What of a body did not fit into its first part. The worker makes each part when the one before was taken. */
export interface BodyParts {
  /** Undefined after the last part. Not to be called again before it has settled. Rejects when the worker ended. */
  next(): Promise<Uint8Array | undefined>;
  /** Lets the worker forget what was not taken. */
  drop(): void;
}

/** An answer that is written on this thread, a part at a time with everything else of the thread between them. */
export function answerOf(pieces: TextPieces): QueryAnswer {
  const { value, done } = pieces.next();
  const body = Buffer.from(value);
  if (done) return { ok: true, body };
  let isDone = false;
  return {
    ok: true,
    body,
    rest: {
      async next() {
        if (isDone) return undefined;
        await setImmediate();
        const piece = pieces.next();
        isDone = piece.done === true;
        return Buffer.from(piece.value);
      },
      drop() {
        isDone = true;
      },
    },
  };
}

/** A body in one piece, for readers that need it so. */
export async function wholeBody({ body, rest }: QueryAnswer & { ok: true }): Promise<Uint8Array> {
  if (!rest) return body;
  const parts = [body];
  for (let part = await rest.next(); part; part = await rest.next()) parts.push(part);
  return Buffer.concat(parts);
}

export interface QueryThreadOptions {
  readonly limits: QueryLimits;
  readonly connectReader: (port: MessagePort) => void;
  /** It may have become idle. */
  readonly onIdle: () => void;
  /** It ended by itself; what was under way has failed. */
  readonly onEnd: (reason: string) => void;
}

/** Answers that wait in one thread for slow clients at most. Each may hold as many samples as a query may. */
const MAX_UNFINISHED = 4;

/** An answer of which parts are still to come. */
interface Unfinished {
  readonly onPart: (part: Uint8Array, last: boolean) => void;
  readonly onFailure: (failure: QueryFailure) => void;
}

export function startQueryThread(options: QueryThreadOptions): QueryThread {
  const { port1, port2 } = new MessageChannel();
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(entryModule('server/query-worker'), {
    workerData: { storePort: port2, limits: options.limits, cancelled },
    transferList: [port2],
    name: 'query',
  });
  const unfinished = new Map<number, Unfinished>();
  let computing: number | undefined;
  let hasEnded = false;
  options.connectReader(port1);

  worker.on('message', (news: WorkerNews) => {
    const answer = unfinished.get(news.id);
    const isDone = 'failure' in news || news.last;
    if (isDone) unfinished.delete(news.id);
    const becomesIdle = isDone || computing === news.id;
    if (computing === news.id) computing = undefined;
    if ('failure' in news) answer?.onFailure(news.failure);
    else answer?.onPart(news.part, news.last);
    if (becomesIdle) options.onIdle();
  });
  worker.on('error', error => end(messageOf(error)));
  worker.on('exit', code => end(`exit code ${code}`));

  function end(reason: string): void {
    if (hasEnded) return;
    failAll({ ok: false, type: 'internal', message: `the query worker ended: ${reason}` });
    options.onEnd(reason);
  }

  function failAll(failure: QueryFailure): void {
    hasEnded = true;
    port1.close();
    for (const answer of unfinished.values()) answer.onFailure(failure);
    unfinished.clear();
  }

  const send = (order: WorkerOrder) => worker.postMessage(order);

  function partsAfter(id: number): BodyParts {
    return {
      next: () =>
        new Promise((resolve, reject) => {
          if (!unfinished.has(id)) return resolve(undefined);
          unfinished.set(id, {
            onPart: part => resolve(part),
            onFailure: ({ message }) => reject(new Error(message)),
          });
          send({ kind: 'more', id });
        }),
      drop() {
        if (!unfinished.delete(id)) return;
        send({ kind: 'drop', id });
        options.onIdle();
      },
    };
  }

  return {
    isIdle: () => computing === undefined && unfinished.size < MAX_UNFINISHED,
    get load() {
      return unfinished.size;
    },
    run: (id, request, setting) =>
      new Promise(resolve => {
        computing = id;
        unfinished.set(id, {
          onPart: (body, last) =>
            resolve(last ? { ok: true, body } : { ok: true, body, rest: partsAfter(id) }),
          onFailure: resolve,
        });
        send({ kind: 'query', id, request, ...setting });
      }),
    cancel: id => void Atomics.store(cancelled, 0, id),
    async terminate(failure) {
      failAll(failure);
      await worker.terminate();
    },
  };
}
