import { Worker } from 'node:worker_threads';
import {
  type Clock,
  entryModule,
  type Logger,
  type Milliseconds,
  messageOf,
  type Timer,
  UserError,
} from '../core/index.ts';
import { SpanStoreUnavailable } from './model.ts';
import type {
  CallName,
  SentError,
  WorkerCalls,
  WorkerData,
  WorkerMessage,
  WorkerRequest,
} from './protocol.ts';

export interface WorkerClient {
  /** @throws UserError what the worker refuses; SpanStoreUnavailable when it ends; Error what it fails at. */
  call<N extends CallName>(name: N, argument: WorkerCalls[N]['argument']): Promise<WorkerCalls[N]['answer']>;
  /** Lets the worker finish what it was sent, then ends it. */
  close(): Promise<void>;
}

export interface WorkerClientOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when a worker that was lost is replaced. */
  readonly onRestart: () => void;
}

/** Megabytes of the worker's JavaScript heap; SQLite's cache comes on top. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 };
const FIRST_RESTART_DELAY: Milliseconds = 500;
const LONGEST_RESTART_DELAY: Milliseconds = 30_000;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

const received = ({ code, message }: SentError): Error =>
  code === undefined ? new Error(message) : new UserError(code, message);

/** Starts the worker and resolves when its file is open. A worker that is lost later is replaced. */
export async function startWorker(options: WorkerClientOptions): Promise<WorkerClient> {
  const { file, clock, logger } = options;
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let worker: Worker | undefined;
  let closing = false;
  let restart: Timer | undefined;
  let delay = FIRST_RESTART_DELAY;

  function settle(id: number, how: (waiting: Waiting) => void): void {
    const call = waiting.get(id);
    waiting.delete(id);
    if (call) how(call);
  }

  function onMessage(message: WorkerMessage): void {
    switch (message.type) {
      case 'answer':
        settle(message.id, call => call.resolve(message.value as never));
        break;
      case 'error':
        settle(message.id, call => call.reject(received(message.error)));
        break;
      case 'log':
        logger[message.level]({ file, ...message.fields }, message.message);
        break;
    }
  }

  function onLost(reason: string): void {
    worker = undefined;
    const lost = [...waiting.values()];
    waiting.clear();
    for (const call of lost)
      call.reject(new SpanStoreUnavailable(`the span store's worker ended: ${reason}`));
    if (closing) return;
    logger.error({ file, reason, restartInMs: delay }, 'span store worker ended; it will be replaced');
    restart = clock.after(delay, () => void replace());
    delay = Math.min(delay * 2, LONGEST_RESTART_DELAY);
  }

  async function replace(): Promise<void> {
    try {
      await spawn();
      delay = FIRST_RESTART_DELAY;
      options.onRestart();
      logger.info({ file }, 'span store worker is back');
    } catch (error) {
      if (!closing) onLost(messageOf(error));
    }
  }

  /** Resolves when the file is open; what happens after that goes to `onLost`. */
  function spawn(): Promise<void> {
    const data: WorkerData = { file, now: clock.now() };
    const spawned = new Worker(entryModule('traces/span-worker'), {
      workerData: data,
      resourceLimits: RESOURCE_LIMITS,
      name: 'span-store',
    });
    let reason = 'it exited';
    let ready = false;
    return new Promise((resolve, reject) => {
      spawned.on('error', error => {
        reason = messageOf(error);
      });
      spawned.on('message', (message: WorkerMessage) => {
        if (message.type === 'ready') {
          ready = true;
          worker = spawned;
          resolve();
        } else if (message.type === 'failed-to-open') {
          void spawned.terminate();
          reject(received(message.error));
        } else onMessage(message);
      });
      spawned.on('exit', () => {
        if (ready) onLost(reason);
        else reject(new Error(reason));
      });
    });
  }

  await spawn();
  const call: WorkerClient['call'] = (name, argument) =>
    new Promise((resolve, reject) => {
      if (!worker || closing) {
        reject(
          new SpanStoreUnavailable(
            closing ? 'the span store is closed' : "the span store's worker is starting",
          ),
        );
        return;
      }
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, argument } as WorkerRequest);
    });

  return {
    call,
    async close() {
      if (closing) return;
      restart?.cancel();
      const last = worker;
      if (last) {
        const exited = new Promise<void>(resolve => last.once('exit', () => resolve()));
        const closed = call('close', null).catch(() => last.terminate());
        closing = true;
        await closed;
        await exited;
      }
      closing = true;
    },
  };
}
