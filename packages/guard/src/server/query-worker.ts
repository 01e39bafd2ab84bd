/** A thread that answers API queries from the store's shared memory. Started by `query-pool.ts`. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createSystemClock } from '../core/index.ts';
import { createEngine } from '../promql/index.ts';
import { connectSharedReader } from '../tsdb/index.ts';
import type { QueryLimits } from './query-pool.ts';
import type { AnswerMessage, QueryMessage } from './query-protocol.ts';
import { createQueryRunner } from './query-runner.ts';

const { storePort, limits } = workerData as { storePort: MessagePort; limits: QueryLimits };
const port = parentPort;
if (!port) throw new Error('BUG: the query worker was started outside of a worker thread');

const clock = createSystemClock();
const storage = await connectSharedReader(storePort);
const engine = createEngine({ lookbackDelta: limits.lookbackDelta, maxSamples: limits.maxSamples });
const run = createQueryRunner({ engine, storage });

port.on('message', ({ id, request, timeout, stop }: QueryMessage) => {
  const deadline = clock.monotonic() + timeout;
  const answer = run(request, {
    interrupted: () => {
      if (Atomics.load(stop, 0) !== 0) return 'canceled';
      return clock.monotonic() > deadline ? 'timeout' : undefined;
    },
  });
  const message: AnswerMessage = { id, answer };
  port.postMessage(message, answer.ok ? [answer.body.buffer as ArrayBuffer] : []);
});
