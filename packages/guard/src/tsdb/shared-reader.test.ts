import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock, milliseconds } from '../core/index.ts';
import { connectSharedReader } from './shared-reader.ts';
import type { Store } from './store.ts';
import { contentOf, EPOCH, labels, openTestStore, write } from './testing.ts';

const workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map(worker => worker.terminate()));
});

function startReader(store: Store): Worker {
  const { port1, port2 } = new MessageChannel();
  store.connectReader(port1);
  const worker = new Worker(new URL('./reader-worker.testing.ts', import.meta.url), {
    workerData: port2,
    transferList: [port2],
  });
  workers.push(worker);
  return worker;
}

async function ask<Answer>(worker: Worker, question: string): Promise<Answer> {
  worker.postMessage(question);
  const [answer] = await once(worker, 'message');
  return answer as Answer;
}

describe('a reader in another thread', () => {
  it('sees every commit that was flushed before it was asked, bit for bit', async () => {
    const store = openTestStore({ chunkSize: 4 });
    write(store, EPOCH, { early: 1, stale: 1 });
    const worker = startReader(store);
    for (let i = 1; i < 50; i++) {
      write(store, EPOCH + i, { early: i, stale: 'stale', [`new_${i}`]: -0 });
      store.flushReaders();
      if (i % 10 === 0) expect(await ask(worker, 'read')).toEqual(contentOf(store));
    }
    expect(await ask(worker, 'read')).toEqual(contentOf(store));
  });

  it('lets memory go under a stream of commits, though no query asks for them', async () => {
    const store = openTestStore();
    const worker = startReader(store);
    const names = Array.from({ length: 2000 }, (_, i) => labels(`series_${i}`));
    for (let n = 0; n < 480; n++) {
      const appender = store.appender();
      for (const name of names) appender.append(name, EPOCH + n * 1000, n);
      appender.commit();
      // Its answer comes after the receipts for what was told before.
      if (n % 20 === 0) expect(await ask<number>(worker, 'count')).toBeGreaterThanOrEqual(0);
    }
    const { samples, memoryBytes } = store.statistics();
    expect(memoryBytes / samples).toBeLessThan(30);
  });

  it('sees each commit whole or not at all while the store appends, seals, trims and reuses memory', async () => {
    const clock = createVirtualClock(milliseconds(0));
    const store = openTestStore({ chunkSize: 12, clock, retention: 100 });
    const names = Array.from({ length: 20 }, (_, i) => labels(`series_${i}`));
    const commit = (n: number) => {
      const appender = store.appender();
      // Series join as time goes on.
      for (const name of names.slice(0, 5 + Math.floor(n / 200))) appender.append(name, n, n);
      appender.commit();
    };
    commit(1);
    const worker = startReader(store);
    worker.postMessage('check');
    // On a busy machine the reader gets its turns late: go on until it has looked often enough.
    const enough = async (n: number) =>
      n >= 4000 && n % 500 === 0 && (await ask<number>(worker, 'count')) > 20;
    for (let n = 2; n < 60_000 && !(await enough(n)); n++) {
      await clock.advance(1);
      commit(n);
      if (n % 3 === 0) store.flushReaders();
      if (n % 40 === 0) await store.maintain();
    }
    const { checks, problem } = await ask<{ checks: number; problem?: string }>(worker, 'stop');
    expect(problem).toBeUndefined();
    expect(checks).toBeGreaterThan(20);
    // Nothing was kept for longer than the reader needed it.
    expect(store.statistics().reservedBytes).toBeLessThanOrEqual(3 << 20);
  });

  it('keeps what an open querier reads until the querier is closed', async () => {
    const clock = createVirtualClock(milliseconds(EPOCH));
    const store = openTestStore({ chunkSize: 4, clock, retention: 1000 });
    const { port1, port2 } = new MessageChannel();
    for (let i = 0; i < 20; i++) write(store, EPOCH + i, { a: i });
    store.connectReader(port1);
    const reader = await connectSharedReader(port2);
    const before = contentOf(store);
    const querier = reader.querier(0, 2 ** 50);
    for (let round = 0; round < 5; round++) {
      await clock.advance(2000);
      for (let i = 0; i < 40; i++) write(store, clock.now() + i, { b: 1 / (i + 1) });
      await store.maintain();
    }
    expect(contentOf({ querier: () => querier })).toEqual(before);
    expect(contentOf(reader)).toEqual(contentOf(store));
    reader.close();
  });

  it('that goes away holds nothing back', async () => {
    const store = openTestStore();
    write(store, EPOCH, { a: 1 });
    const worker = startReader(store);
    await ask(worker, 'read');
    await worker.terminate();
    write(store, EPOCH + 1, { a: 2 });
    store.flushReaders();
    expect(contentOf(store)).toEqual({
      a: [
        [EPOCH, 1],
        [EPOCH + 1, 2],
      ],
    });
    store.close();
  });
});
