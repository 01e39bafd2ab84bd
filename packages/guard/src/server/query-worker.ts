/** A thread that answers API queries from the store's shared memory. Started by `query-thread.ts`. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createSystemClock, type Milliseconds } from '../core/index.ts';
import { createEngine } from '../promql/index.ts';
import { connectSharedReader } from '../tsdb/index.ts';
import type { TextPieces } from './query-json.ts';
import type { WorkerNews, WorkerOrder, WorkerSetup } from './query-protocol.ts';
import { createQueryRunner } from './query-runner.ts';

const { storePort, limits, cancelled } = workerData as WorkerSetup<MessagePort>;
const port = parentPort;
if (!port) throw new Error('BUG: the query worker was started outside of a worker thread');

const clock = createSystemClock();
const storage = await connectSharedReader(storePort);
const { lookbackDelta, maxSamples, perStepStats } = limits;
let evaluationInterval: Milliseconds | undefined;
let run: ReturnType<typeof createQueryRunner>;
const encoder = new TextEncoder();
/** Answers of which a part is still to be asked for, by query. */
const unfinished = new Map<number, TextPieces>();

port.on('message', (order: WorkerOrder) => {
  if (order.kind === 'query') answer(order);
  else if (order.kind === 'more') sendPart(order.id);
  else unfinished.delete(order.id);
});

/** A reload of the configuration may change the step of subqueries that give none. */
function prepare(interval: Milliseconds): void {
  if (interval === evaluationInterval) return;
  evaluationInterval = interval;
  const engine = createEngine({ lookbackDelta, maxSamples, noStepSubqueryInterval: interval });
  run = createQueryRunner({ engine, storage, clock, perStepStats });
}

function answer({ id, request, timeout, queued, ...setting }: WorkerOrder & { kind: 'query' }): void {
  prepare(setting.evaluationInterval);
  const deadline = clock.monotonic() + timeout;
  const answered = run(request, {
    queued,
    interrupted: () => {
      if (Atomics.load(cancelled, 0) === id) return 'canceled';
      return clock.monotonic() > deadline ? 'timeout' : undefined;
    },
  });
  if (answered.ok) {
    unfinished.set(id, answered.pieces);
    sendPart(id);
  } else send({ id, failure: answered });
}

function sendPart(id: number): void {
  const next = unfinished.get(id)?.next();
  if (!next) return;
  if (next.done) unfinished.delete(id);
  const part = encoder.encode(next.value);
  send({ id, part, last: next.done === true }, [part.buffer as ArrayBuffer]);
}

function send(news: WorkerNews, transfer: ArrayBuffer[] = []): void {
  port!.postMessage(news, transfer);
}
