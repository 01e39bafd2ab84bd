import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRng, createVirtualClock, silentLogger, type VirtualClock } from '../core/index.ts';
import { IngestRefused, type Span } from '../otlp/index.ts';
import {
  EPOCH,
  ofService,
  type RandomSpan,
  randomSpans,
  span,
  spanIdOf,
  textAttribute,
  toResourceSpans,
  traceIdOf,
} from './fixtures.ts';
import {
  createSpanStore,
  type SpanStore,
  type SpanStoreOptions,
  SpanStoreUnavailable,
  type StoredTrace,
  type TraceQuery,
} from './index.ts';

let folder: string;
let registry: Registry;
const opened: SpanStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spans-'));
  registry = new Registry();
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

const DAY = 86_400_000;

async function open(options: Partial<SpanStoreOptions> = {}): Promise<SpanStore> {
  const store = await createSpanStore({
    file: join(folder, 'spans.db'),
    logger: silentLogger,
    registry,
    retention: DAY,
    ...options,
  });
  opened.push(store);
  return store;
}

const metricOf = async (name: string, labels: Record<string, string> = {}) => {
  const metric = await registry.getSingleMetric(`slo_guard_span_store_${name}`)!.get();
  return metric.values.find(value => Object.entries(labels).every(([k, v]) => value.labels[k] === v))!.value;
};

const spansOf = (trace: StoredTrace | undefined): Span[] =>
  trace?.resourceSpans.flatMap(group => group.scopeSpans.flatMap(scoped => scoped.spans)) ?? [];

describe('the span store', () => {
  it('gives a trace of two services back as it came, by resource and scope', async () => {
    const store = await open();
    const gateway = ofService('service_a', [
      span({ trace: 0, id: 0, kind: 2, name: 'GET /work', duration: 9000 }),
      span({ trace: 0, id: 1, parent: 0, kind: 3, name: 'GET', start: EPOCH + 10, duration: 8000 }),
    ]);
    const backend = ofService('service_b', [
      span({ trace: 0, id: 2, parent: 1, kind: 2, name: 'GET /compute', start: EPOCH + 20, error: true }),
    ]);
    await store.write([backend]);
    await store.write([gateway]);
    const trace = await store.trace(traceIdOf(0));
    expect(trace?.spanCount).toBe(3);
    expect(trace?.resourceSpans).toEqual([gateway, backend]);
    expect(await store.trace(traceIdOf(7))).toBeUndefined();
  });

  it('sums up recent traces by their roots', async () => {
    const store = await open();
    await store.write([
      ofService('service_a', [
        span({ trace: 0, id: 0, name: 'GET /work', duration: 9000 }),
        span({ trace: 1, id: 5, name: 'GET /other', start: EPOCH + 1_000_000 }),
      ]),
      ofService('service_b', [
        span({
          trace: 0,
          id: 2,
          parent: 0,
          name: 'GET /compute',
          start: EPOCH + 5000,
          duration: 6000,
          error: true,
        }),
      ]),
    ]);
    expect(await store.recent(10)).toEqual([
      {
        traceId: traceIdOf(1),
        rootService: 'service_a',
        rootOperation: 'GET /other',
        start: EPOCH / 1000 + 1000,
        duration: 1,
        spanCount: 1,
        services: ['service_a'],
        error: false,
      },
      {
        traceId: traceIdOf(0),
        rootService: 'service_a',
        rootOperation: 'GET /work',
        start: EPOCH / 1000,
        duration: 11,
        spanCount: 2,
        services: ['service_a', 'service_b'],
        error: true,
      },
    ]);
    expect(await store.recent(1)).toHaveLength(1);
  });

  it('takes the earliest span whose parent is missing for the root when there is no other', async () => {
    const store = await open();
    await store.write([
      ofService('service_b', [
        span({ trace: 0, id: 3, parent: 2, name: 'inner', start: EPOCH }),
        span({ trace: 0, id: 2, parent: 9, name: 'entry', start: EPOCH + 5 }),
      ]),
    ]);
    expect((await store.recent(1))[0]).toMatchObject({ rootOperation: 'entry', start: EPOCH / 1000 });
  });

  it('knows services and operations, with their kinds', async () => {
    const store = await open();
    await store.write([
      ofService('b', [
        span({ trace: 0, id: 0, name: 'x', kind: 2 }),
        span({ trace: 0, id: 1, name: 'x', kind: 3 }),
      ]),
      ofService('a', [span({ trace: 0, id: 2, name: 'y', kind: 1 })]),
    ]);
    expect(await store.services()).toEqual(['a', 'b']);
    expect(await store.operations('b')).toEqual([
      { name: 'x', kind: 2 },
      { name: 'x', kind: 3 },
    ]);
    expect(await store.operations('b', 3)).toEqual([{ name: 'x', kind: 3 }]);
    expect(await store.operations('nobody')).toEqual([]);
  });

  it('takes a span sent twice once', async () => {
    const store = await open();
    const batch = [ofService('a', [span({ trace: 0, id: 0 }), span({ trace: 0, id: 1 })])];
    await Promise.all([store.write(batch), store.write(batch)]);
    await store.write(batch);
    expect((await store.trace(traceIdOf(0)))?.spanCount).toBe(2);
    expect(spansOf(await store.trace(traceIdOf(0)))).toHaveLength(2);
    expect(await store.statistics()).toMatchObject({ spans: 2, traces: 1, queuedSpans: 0 });
    expect(await metricOf('stored_spans_total')).toBe(2);
    expect(await metricOf('duplicate_spans_total')).toBe(4);
  });

  it('keeps what it holds over a restart', async () => {
    const first = await open();
    await first.write([ofService('a', [span({ trace: 0, id: 0, name: 'kept' })])]);
    await first.close();
    const second = await open({ registry: new Registry() });
    expect(spansOf(await second.trace(traceIdOf(0))).map(kept => kept.name)).toEqual(['kept']);
    await second.write([ofService('a', [span({ trace: 0, id: 1, name: 'kept' })])]);
    expect((await second.trace(traceIdOf(0)))?.spanCount).toBe(2);
  });

  it('commits what it accepted before it closes, and refuses what comes later', async () => {
    const store = await open();
    const writes = Array.from({ length: 50 }, (_, id) =>
      store.write([ofService('a', [span({ trace: id, id })])]),
    );
    await store.close();
    await Promise.all(writes);
    await expect(store.write([ofService('a', [span({ trace: 99, id: 99 })])])).rejects.toMatchObject({
      name: 'IngestRefused',
      reason: 'unavailable',
    });
    await expect(store.services()).rejects.toThrow('closed');
    expect((await (await open({ registry: new Registry() })).statistics()).spans).toBe(50);
  });

  it('refuses a file that another has open', async () => {
    await open();
    await expect(open({ registry: new Registry() })).rejects.toMatchObject({ code: 'store-locked' });
  });

  it('refuses as overloaded what goes beyond its queue, and counts it', async () => {
    const store = await open({ maxQueuedSpans: 3 });
    const two = (trace: number) => [ofService('a', [span({ trace, id: 0 }), span({ trace, id: 1 })])];
    const first = store.write(two(0));
    const refused = await store.write(two(1)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(IngestRefused);
    expect(refused).toMatchObject({ reason: 'overloaded', retryAfter: 1000 });
    expect((refused as Error).message).toContain('limits are 3 and');
    await first;
    expect(await metricOf('refused_spans_total', { reason: 'overloaded' })).toBe(2);
    await store.write(two(1));
    expect(await store.trace(traceIdOf(1))).toBeDefined();
  });

  it('takes a batch larger than its queue when nothing else waits', async () => {
    const store = await open({ maxQueuedSpans: 1 });
    await store.write([ofService('a', [span({ trace: 0, id: 0 }), span({ trace: 0, id: 1 })])]);
    expect((await store.statistics()).spans).toBe(2);
  });
});

describe('a worker that is lost', () => {
  it('fails what waited, is told and replaced, and loses nothing that was acknowledged', async () => {
    const workers: Worker[] = [];
    const remember = (worker: Worker) => workers.push(worker);
    process.on('worker', remember);
    const clock = createVirtualClock(EPOCH / 1000);
    const told: string[] = [];
    const store = await open({
      clock,
      logger: { ...silentLogger, error: (_fields, message) => told.push(message) },
    });
    process.off('worker', remember);
    await store.write([ofService('a', [span({ trace: 0, id: 0 })])]);
    const exited = new Promise(resolve => workers[0]!.once('exit', resolve));
    void workers[0]!.terminate();
    const waiting = await store
      .write([ofService('a', [span({ trace: 1, id: 1 })])])
      .catch((error: unknown) => error);
    await exited;
    expect(waiting).toMatchObject({ name: 'IngestRefused', reason: 'unavailable', retryAfter: 5000 });
    await expect(store.services()).rejects.toBeInstanceOf(SpanStoreUnavailable);
    expect(told).toContain('span store worker ended; it will be replaced');
    expect(await metricOf('write_failures_total')).toBe(1);
    expect(await metricOf('refused_spans_total', { reason: 'unavailable' })).toBe(1);
    await clock.advance(500);
    for (let i = 0; i < 400 && (await metricOf('worker_restarts_total')) === 0; i++)
      await new Promise(resolve => setTimeout(resolve, 10));
    expect(await store.trace(traceIdOf(0))).toBeDefined();
    await store.write([ofService('a', [span({ trace: 1, id: 1 })])]);
    expect((await store.statistics()).spans).toBe(2);
  });
});

describe('retention', () => {
  /** The worker answers in real time, the ticker asks in that of the clock: lets both pass until it is so. */
  async function until(clock: VirtualClock, condition: () => Promise<boolean>): Promise<void> {
    for (let i = 0; i < 150; i++) {
      if (await condition()) return;
      await clock.advance(1000);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    throw new Error('did not come true');
  }

  it('removes whole traces that got no span for the time given, and their names', async () => {
    const clock = createVirtualClock(EPOCH / 1000);
    const store = await open({ clock, retention: 600_000 });
    await store.write([ofService('old', [span({ trace: 0, id: 0 }), span({ trace: 1, id: 1 })])]);
    await clock.advance(400_000);
    await store.write([ofService('new', [span({ trace: 1, id: 2 })])]);
    await clock.advance(400_000);
    await until(clock, async () => (await store.statistics()).traces === 1);
    expect(spansOf(await store.trace(traceIdOf(1)))).toHaveLength(2);
    expect(await store.trace(traceIdOf(0))).toBeUndefined();
    expect(await store.services()).toEqual(['new']);
    await until(clock, async () => (await metricOf('removed_spans_total', { reason: 'age' })) === 1);
  });

  it('removes the traces that got no span for longest beyond the number of spans given', async () => {
    const clock = createVirtualClock(EPOCH / 1000);
    const store = await open({ clock, maxSpans: 10 });
    for (let trace = 0; trace < 2000; trace += 100) {
      const spans = Array.from({ length: 100 }, (_, i) => span({ trace: trace + i, id: 0 }));
      await store.write([ofService('a', spans)]);
      await clock.advance(10);
    }
    await clock.advance(30_000);
    await until(clock, async () => (await store.statistics()).spans === 10);
    expect(await store.trace(traceIdOf(1999))).toBeDefined();
    expect(await store.trace(traceIdOf(1989))).toBeUndefined();
    await until(clock, async () => (await metricOf('removed_spans_total', { reason: 'count' })) === 1990);
  });

  it('takes again a trace that it removed', async () => {
    const clock = createVirtualClock(EPOCH / 1000);
    const store = await open({ clock, retention: 60_000 });
    const batch = [ofService('a', [span({ trace: 0, id: 0, name: 'again' })])];
    await store.write(batch);
    await clock.advance(400_000);
    await until(clock, async () => (await store.statistics()).traces === 0);
    await until(clock, async () => (await store.services()).length === 0);
    await store.write(batch);
    expect(spansOf(await store.trace(traceIdOf(0)))).toHaveLength(1);
    expect(await store.operations('a')).toEqual([{ name: 'again', kind: 1 }]);
  });
});

describe('search', () => {
  function bruteForce(spans: readonly RandomSpan[], query: TraceQuery): string[] {
    const latest = new Map<number, number>();
    for (const one of spans) {
      const start = one.start!;
      const tags: Record<string, string> = { tag: one.tag, error: String(one.error), place: one.service };
      const matches =
        (query.service ?? one.service) === one.service &&
        (query.operation ?? one.name) === one.name &&
        start >= (query.startMicros ?? 0) &&
        start <= (query.endMicros ?? Number.POSITIVE_INFINITY) &&
        one.duration! >= (query.minDurationMicros ?? 0) &&
        one.duration! <= (query.maxDurationMicros ?? Number.POSITIVE_INFINITY) &&
        Object.entries(query.tags ?? {}).every(([key, value]) => tags[key] === value);
      if (matches) latest.set(one.trace, Math.max(latest.get(one.trace) ?? 0, start));
    }
    return [...latest]
      .sort((a, b) => b[1] - a[1])
      .slice(0, query.limit)
      .map(([trace]) => traceIdOf(trace));
  }

  it('finds what a look at every span finds, in the same order', async () => {
    const store = await open();
    const spans = randomSpans(7, 600);
    const resourceSpans = toResourceSpans(spans).map((group, i) => ({
      ...group,
      resource: {
        ...group.resource,
        attributes: [...group.resource.attributes, textAttribute('place', spans[i]!.service)],
      },
    }));
    for (let i = 0; i < resourceSpans.length; i += 50) await store.write(resourceSpans.slice(i, i + 50));
    const rng = createRng(11);
    const maybe = <T>(make: () => T): T | undefined => (rng.integer(2) === 0 ? make() : undefined);
    let found = 0;
    for (let round = 0; round < 150; round++) {
      const tags: Record<string, string> = {};
      if (rng.integer(3) === 0) tags.tag = `v${rng.integer(5)}`;
      if (rng.integer(4) === 0) tags.error = 'true';
      if (rng.integer(4) === 0) tags.place = `service${rng.integer(3)}`;
      const drawn = {
        service: maybe(() => `service${rng.integer(4)}`),
        operation: maybe(() => `op${rng.integer(3)}`),
        minDurationMicros: maybe(() => rng.integer(1500)),
        maxDurationMicros: maybe(() => 500 + rng.integer(1500)),
        startMicros: maybe(() => EPOCH + rng.integer(5_000_000)),
        endMicros: maybe(() => EPOCH + 5_000_000 + rng.integer(5_000_000)),
      };
      const given = Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined));
      const query: TraceQuery = { ...given, tags, limit: 1 + rng.integer(30) };
      const traces = await store.search(query);
      expect(
        traces.map(trace => trace.traceId),
        JSON.stringify(query),
      ).toEqual(bruteForce(spans, query));
      for (const { traceId, spanCount, resourceSpans: groups } of traces) {
        const whole = spans.filter(one => traceIdOf(one.trace) === traceId).map(one => spanIdOf(one.id));
        expect(spanCount).toBe(whole.length);
        expect(
          spansOf({ traceId, spanCount, resourceSpans: groups })
            .map(one => one.spanId)
            .sort(),
        ).toEqual(whole.sort());
      }
      found += traces.length;
    }
    expect(found).toBeGreaterThan(300);
  });

  it('says how many spans a trace has when an answer cannot hold them all', async () => {
    const store = await open();
    for (let from = 0; from < 20_010; from += 5002) {
      const part = Array.from({ length: Math.min(5002, 20_010 - from) }, (_, i) =>
        span({ trace: 0, id: from + i }),
      );
      await store.write([ofService('a', part)]);
    }
    const trace = await store.trace(traceIdOf(0));
    expect([trace?.spanCount, spansOf(trace).length]).toEqual([20_010, 20_000]);
  });

  it('refuses limits that it does not have', async () => {
    const store = await open();
    await expect(store.search({ limit: 0 })).rejects.toThrow('limit must be 1 to 1500');
    await expect(store.search({ limit: 1501 })).rejects.toThrow('limit must be 1 to 1500');
  });
});
