import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { contentOf, EPOCH, labels, match, openTestStore, points, write } from './testing.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdb-deletion-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const EVER = 2 ** 50;
const named = (...names: string[]) => names.map(name => [match('__name__', '=', name)]);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => [EPOCH + from + i, from + i]);

/** Series `a` and `b`, a sample each at 0 to 99 ms: long chunks, short ones, open samples. */
async function storeOfTwo(directory?: string) {
  const store = openTestStore({ chunkSize: 4, ...(directory === undefined ? {} : { directory }) });
  for (let i = 0; i < 100; i++) write(store, EPOCH + i, { a: i, b: i });
  await store.maintain();
  return store;
}

describe('deleting series', () => {
  it('drops the samples of the range, both ends included, wherever chunk borders lie', async () => {
    for (let from = 0; from < 100; from += 7) {
      for (let to = from; to < 110; to += 13) {
        const store = await storeOfTwo();
        await store.deleteSeries(named('a'), EPOCH + from, EPOCH + to);
        const left = [...range(0, from - 1), ...range(to + 1, 99)];
        expect(contentOf(store)).toEqual({ ...(left.length > 0 && { a: left }), b: range(0, 99) });
      }
    }
  });

  it('takes series that meet every matcher of one of the sets', async () => {
    const store = openTestStore();
    const appender = store.appender();
    for (const [name, x] of [
      ['a', '1'],
      ['a', '2'],
      ['b', '1'],
      ['c', '1'],
    ] as const)
      appender.append(labels(name, { x }), EPOCH, 1);
    appender.commit();
    await store.deleteSeries(
      [[match('__name__', '=', 'a'), match('x', '=', '1')], [match('__name__', '=~', 'c|d')]],
      -EVER,
      EVER,
    );
    expect(Object.keys(contentOf(store))).toEqual(['a{x="2"}', 'b{x="1"}']);
    expect(store.statistics().series).toBe(2);
  });

  it('leaves queriers that are open what they saw', async () => {
    const store = await storeOfTwo();
    const querier = store.querier(0, EVER);
    await store.deleteSeries(named('a'), EPOCH + 10, EVER);
    await store.deleteSeries(named('b'), -EVER, EVER);
    for (let i = 100; i < 200; i++) write(store, EPOCH + i, { c: i });
    await store.maintain();
    const seen = querier.select([]).map(each => [`${each.labels}`, points(each.samples(0, EVER))]);
    expect(Object.fromEntries(seen)).toEqual({ a: range(0, 99), b: range(0, 99) });
    querier.close();
    expect(contentOf(store)).toEqual({ a: range(0, 9), c: range(100, 199) });
  });

  it('takes only newer samples afterwards, unless the series is gone', async () => {
    const store = await storeOfTwo();
    await store.deleteSeries(named('a'), EPOCH + 90, EVER);
    await store.deleteSeries(named('b'), -EVER, EVER);
    const appender = store.appender();
    expect(appender.append(labels('a'), EPOCH + 95, 1)).toBe('out-of-order');
    expect(appender.append(labels('a'), EPOCH + 100, 1)).toBe('appended');
    expect(appender.append(labels('b'), EPOCH + 5, 1)).toBe('appended');
    appender.commit();
    expect(contentOf(store)).toEqual({ a: [...range(0, 89), [EPOCH + 100, 1]], b: [[EPOCH + 5, 1]] });
  });

  it('leaves everything as it was when nothing matches, the range is empty or lies between samples', async () => {
    const store = await storeOfTwo();
    const before = store.statistics();
    await store.deleteSeries(named('c'), -EVER, EVER);
    await store.deleteSeries([], -EVER, EVER);
    await store.deleteSeries(named('a'), EPOCH + 9, EPOCH + 3);
    await store.deleteSeries(named('a'), EPOCH + 3.2, EPOCH + 3.8);
    await store.deleteSeries(named('a'), EPOCH + 100, EVER);
    expect(store.statistics()).toEqual(before);
  });

  it('is durable, whether the samples were in the log or in chunks', async () => {
    const directory = newFolder();
    const store = await storeOfTwo(directory);
    for (let i = 100; i < 120; i++) write(store, EPOCH + i, { a: i, c: i });
    await store.deleteSeries(named('a', 'c'), EPOCH + 50, EPOCH + 110);
    await store.deleteSeries(named('b'), -EVER, EVER);
    const content = contentOf(store);
    const name = await store.snapshot(join(directory, 'before'));
    await store.cleanTombstones();
    expect(contentOf(store)).toEqual(content);
    store.close();
    for (const left of [directory, join(directory, 'before', name)]) {
      const again = openTestStore({ directory: left, chunkSize: 4 });
      expect(contentOf(again)).toEqual(content);
      expect(again.statistics()).toMatchObject({ damages: [], series: 2 });
      again.close();
    }
  });

  it('gives the room on disk back once tombstones are cleaned', async () => {
    const store = openTestStore({ directory: newFolder() });
    const appender = store.appender();
    for (let i = 0; i < 100_000; i++) appender.append(labels('a'), EPOCH + i, Math.sqrt(i));
    appender.commit();
    write(store, EPOCH, { b: 1 });
    await store.cleanTombstones();
    const full = store.statistics().diskBytes;
    await store.deleteSeries(named('a'), -EVER, EVER);
    await store.cleanTombstones();
    expect(store.statistics().diskBytes).toBeLessThan(full / 4);
    store.close();
  });
});

describe('a snapshot', () => {
  it('is a store of its own, with what the log held as well', async () => {
    const directory = newFolder();
    const store = await storeOfTwo(directory);
    write(store, EPOCH + 100, { a: 100, b: 100 });
    const name = await store.snapshot(join(directory, 'snapshots'));
    expect(name).toMatch(/^20260101T000000Z-[0-9a-f]{16}$/);
    write(store, EPOCH + 101, { a: 101 });
    const restored = openTestStore({ directory: join(directory, 'snapshots', name), chunkSize: 4 });
    expect(contentOf(restored)).toEqual({ a: range(0, 100), b: range(0, 100) });
    write(restored, EPOCH + 101, { b: 101 });
    restored.close();
    expect(contentOf(store)).toEqual({ a: range(0, 101), b: range(0, 100) });
    store.close();
  });

  it('does not hold up appending, has each commit whole or not at all, and a name of its own', async () => {
    const directory = newFolder();
    const store = await storeOfTwo(directory);
    let at = 100;
    const snapshots = [store.snapshot(directory), store.snapshot(directory)];
    let finished = false;
    const all = Promise.all(snapshots).finally(() => {
      finished = true;
    });
    do {
      write(store, EPOCH + at, { a: at, b: at });
      at++;
      await new Promise(resolve => setImmediate(resolve));
    } while (!finished);
    const names = await all;
    expect(new Set(names).size).toBe(2);
    for (const name of names) {
      const restored = openTestStore({ directory: join(directory, name), chunkSize: 4 });
      const last = restored.statistics().maxTime! - EPOCH;
      expect(contentOf(restored)).toEqual({ a: range(0, last), b: range(0, last) });
      restored.close();
    }
    store.close();
  });

  it('that fails says so and leaves nothing', async () => {
    const directory = newFolder();
    const store = await storeOfTwo(directory);
    const file = join(directory, 'samples.db');
    await expect(store.snapshot(file)).rejects.toMatchObject({ code: 'snapshot-failed' });
    expect(statSync(file).isFile()).toBe(true);
    expect(readdirSync(directory).filter(each => each.includes('unfinished'))).toEqual([]);
    store.close();
    await expect(store.snapshot(directory)).rejects.toMatchObject({ code: 'store-closed' });
    expect(readdirSync(directory).filter(each => each.includes('unfinished'))).toEqual([]);
    const inMemory = await storeOfTwo();
    await expect(inMemory.snapshot(directory)).rejects.toMatchObject({ code: 'snapshot-failed' });
  });
});
