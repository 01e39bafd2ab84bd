import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from './store.ts';
import { contentOf, EPOCH, labels, openTestStore, write } from './testing.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdb-backfill-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
const valued = (times: readonly number[]) => times.map(at => [EPOCH + at, at]);

/** Samples of series `a` at these milliseconds, which are their values as well. */
const backfill = (store: Store, times: readonly number[], name = 'a') =>
  store.backfill({
    series: times.map(() => labels(name)),
    timestamps: times.map(at => EPOCH + at),
    values: times,
  });

function storeWith(times: readonly number[], directory?: string): Store {
  const store = openTestStore({ chunkSize: 4, ...(directory === undefined ? {} : { directory }) });
  for (const at of times) write(store, EPOCH + at, { a: at });
  return store;
}

describe('a backfill', () => {
  it('brings history under a series that goes on', async () => {
    const store = storeWith(range(100, 120));
    const outcomes = await backfill(store, range(0, 99));
    expect(new Set(outcomes)).toEqual(new Set(['appended']));
    write(store, EPOCH + 121, { a: 121 });
    expect(contentOf(store)).toEqual({ a: valued(range(0, 121)) });
    expect(store.statistics().samples).toBe(122);
  });

  it('makes long chunks of what comes in small pieces', async () => {
    const store = storeWith([1000]);
    for (let at = 0; at < 300; at += 3) await backfill(store, [at, at + 1, at + 2]);
    expect(store.statistics().chunks).toBeLessThan(300 / 16 + 1);
    expect(contentOf(store)).toEqual({ a: valued([...range(0, 299), 1000]) });
  });

  it('fills a gap wherever chunk borders lie, open samples included', async () => {
    for (let gap = 1; gap < 40; gap++) {
      const store = storeWith([...range(0, gap), ...range(gap + 10, 50)]);
      await backfill(store, range(gap + 1, gap + 9));
      expect(contentOf(store)).toEqual({ a: valued(range(0, 50)) });
    }
  });

  it('creates series and goes on with them', async () => {
    const store = openTestStore();
    await backfill(store, range(0, 2000));
    await backfill(store, range(2001, 3000));
    write(store, EPOCH + 3001, { a: 3001 });
    expect(contentOf(store)).toEqual({ a: valued(range(0, 3001)) });
    expect(store.statistics()).toMatchObject({ series: 1, samplesAppended: 3002 });
  });

  it('names what does not fit: samples between those of the series, doubles, what is out of bounds', async () => {
    const store = openTestStore({ retention: 1000, lead: 100, maxSeries: 1 });
    for (const at of [10, 20, 30]) write(store, EPOCH + at, { a: at });
    expect(await backfill(store, [-2000, 5, 4, 5, 15, 20, 25, 40, 200])).toEqual([
      'out-of-bounds',
      'appended',
      'appended',
      'duplicate',
      'out-of-order',
      'duplicate',
      'out-of-order',
      'appended',
      'out-of-bounds',
    ]);
    expect(await store.backfill({ series: [labels('a')], timestamps: [EPOCH + 20], values: [21] })).toEqual([
      'duplicate-other-value',
    ]);
    expect(await backfill(store, [1, 2], 'b')).toEqual(['series-limit', 'series-limit']);
    expect(contentOf(store)).toEqual({ a: valued([4, 5, 10, 20, 30, 40]) });
  });

  it('sorts a batch of several series out by itself', async () => {
    const store = openTestStore();
    const times = range(0, 99);
    const names = ['a', 'b', 'c'];
    const outcomes = await store.backfill({
      series: times.flatMap(() => names.map(name => labels(name))),
      timestamps: times.flatMap(at => names.map(() => EPOCH + at)),
      values: times.flatMap(at => names.map(() => at)),
    });
    expect(outcomes).toHaveLength(300);
    expect(contentOf(store)).toEqual(Object.fromEntries(names.map(name => [name, valued(times)])));
  });

  it('leaves queriers that are open what they saw', async () => {
    const store = storeWith(range(50, 60));
    const querier = store.querier(0, 2 ** 50);
    const held = { querier: () => ({ ...querier, close: () => {} }) };
    await backfill(store, range(0, 49));
    expect(contentOf(held)).toEqual({ a: valued(range(50, 60)) });
    querier.close();
  });

  it('is durable, below what the log holds and after what was deleted', async () => {
    const directory = newFolder();
    const store = storeWith(range(50, 60), directory);
    await store.deleteSeries([[]], EPOCH + 52, EPOCH + 55);
    await backfill(store, range(52, 55));
    await backfill(store, range(0, 40));
    await backfill(store, range(61, 70));
    const name = await store.snapshot(directory);
    const again = openTestStore({ directory: join(directory, name), chunkSize: 4 });
    expect(contentOf(again)).toEqual({ a: valued([...range(0, 40), ...range(50, 70)]) });
    expect(again.statistics().damages).toEqual([]);
    again.close();
    store.close();
  });

  it('is counted', async () => {
    const registry = new Registry();
    const store = openTestStore({ registry });
    await backfill(store, [1, 4]);
    await backfill(store, [3, 2, 4]);
    const text = await registry.metrics();
    expect(text).toContain('prometheus_tsdb_head_samples_appended_total{type="float"} 2');
    expect(text).toContain('prometheus_tsdb_head_series_created_total 1');
    expect(text).toContain('prometheus_tsdb_out_of_order_samples_total 2');
  });
});
