import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock, milliseconds } from '../core/index.ts';
import { contentOf, EPOCH, labels, match, openTestStore, points, write } from './testing.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdb-room-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('appending', () => {
  it('says what became of each sample, within a transaction and across', () => {
    const store = openTestStore();
    const first = store.appender();
    const a = labels('a');
    expect(first.append(a, EPOCH, 1)).toBe('appended');
    expect(first.append(a, EPOCH, 1)).toBe('duplicate');
    expect(first.append(a, EPOCH, 2)).toBe('duplicate-other-value');
    expect(first.append(a, EPOCH - 1, 2)).toBe('out-of-order');
    first.commit();
    const second = store.appender();
    expect(second.append(a, EPOCH, 1)).toBe('duplicate');
    expect(second.append(a, EPOCH, 2)).toBe('duplicate-other-value');
    expect(second.append(a, EPOCH - 1, 1)).toBe('out-of-order');
    expect(second.append(a, EPOCH + 1, 1)).toBe('appended');
    second.commit();
    expect(contentOf(store)).toEqual({
      a: [
        [EPOCH, 1],
        [EPOCH + 1, 1],
      ],
    });
  });

  it('compares bits: zero is not minus zero, and any NaN is the same NaN but not a staleness marker', () => {
    const store = openTestStore();
    const appender = store.appender();
    appender.append(labels('zero'), EPOCH, 0);
    expect(appender.append(labels('zero'), EPOCH, -0)).toBe('duplicate-other-value');
    appender.append(labels('nan'), EPOCH, Number.NaN);
    expect(appender.append(labels('nan'), EPOCH, -Number.NaN)).toBe('duplicate');
    expect(appender.appendStale(labels('nan'), EPOCH)).toBe('duplicate-other-value');
    appender.appendStale(labels('stale'), EPOCH);
    expect(appender.appendStale(labels('stale'), EPOCH)).toBe('duplicate');
    appender.commit();
    expect(contentOf(store)).toEqual({
      nan: [[EPOCH, Number.NaN]],
      stale: [[EPOCH, 'stale']],
      zero: [[EPOCH, 0]],
    });
  });

  it('refuses what is older than the retention, too far ahead, or no instant', () => {
    const store = openTestStore({ retention: 1000 });
    const appender = store.appender();
    expect(appender.append(labels('a'), EPOCH - 1001, 1)).toBe('out-of-bounds');
    expect(appender.append(labels('a'), EPOCH + 600_001, 1)).toBe('out-of-bounds');
    expect(appender.append(labels('a'), EPOCH + 0.5, 1)).toBe('out-of-bounds');
    expect(appender.append(labels('a'), Number.NaN, 1)).toBe('out-of-bounds');
    expect(appender.append(labels('a'), EPOCH - 1000, 1)).toBe('appended');
    expect(appender.append(labels('a'), EPOCH + 600_000, 1)).toBe('appended');
  });

  it('refuses series beyond the limit, and goes on with those it knows', () => {
    const store = openTestStore({ maxSeries: 2 });
    write(store, EPOCH, { a: 1 });
    const appender = store.appender();
    expect(appender.append(labels('b'), EPOCH, 1)).toBe('appended');
    expect(appender.append(labels('c'), EPOCH, 1)).toBe('series-limit');
    expect(appender.append(labels('a'), EPOCH + 1, 1)).toBe('appended');
    appender.commit();
    expect(Object.keys(contentOf(store))).toEqual(['a', 'b']);
  });

  it('shows nothing before the commit and nothing of what was rolled back', () => {
    const store = openTestStore();
    const appender = store.appender();
    appender.append(labels('a'), EPOCH, 1);
    expect(contentOf(store)).toEqual({});
    appender.rollback();
    expect(contentOf(store)).toEqual({});
    expect(() => appender.commit()).toThrow('BUG');
    expect(store.statistics().series).toBe(0);
  });

  it('keeps order when transactions overtake each other', () => {
    const store = openTestStore();
    const slow = store.appender();
    const fast = store.appender();
    slow.append(labels('a'), EPOCH, 1);
    slow.append(labels('b'), EPOCH, 1);
    fast.append(labels('a'), EPOCH + 5, 2);
    fast.commit();
    slow.commit();
    expect(contentOf(store)).toEqual({ a: [[EPOCH + 5, 2]], b: [[EPOCH, 1]] });
  });
});

describe('a querier', () => {
  it('does not see what is committed after it was opened, through sealing, trimming and new series', async () => {
    const clock = createVirtualClock(milliseconds(EPOCH));
    const store = openTestStore({ chunkSize: 4, clock, retention: 100_000 });
    for (let i = 0; i < 10; i++) write(store, EPOCH + i * 1000, { a: i, b: -i });
    const before = contentOf(store);
    const querier = store.querier(0, 2 ** 50);
    for (let i = 10; i < 60; i++) write(store, EPOCH + i * 1000, { a: i, c: i });
    await clock.advance(110_000);
    for (let i = 120; i < 160; i++) write(store, EPOCH + i * 1000, { d: i, e: 0.5 });
    await store.maintain();
    expect(Object.keys(contentOf(store))).toEqual(['a', 'c', 'd', 'e']);
    const seen = querier
      .select([])
      .map(series => [series.labels.toString(), points(series.samples(0, 2 ** 50))]);
    expect(Object.fromEntries(seen)).toEqual(before);
    expect(querier.labelValues('__name__', [])).toEqual(['a', 'b']);
    querier.close();
    expect(() => querier.select([])).toThrow('BUG');
    const later = store.querier(0, 2 ** 50);
    expect(later.labelValues('__name__', [])).toEqual(['a', 'c', 'd', 'e']);
    later.close();
  });

  it('gives samples between two instants, both included, wherever chunk borders lie', () => {
    const store = openTestStore({ chunkSize: 5 });
    for (let i = 0; i < 23; i++) write(store, EPOCH + i * 10, { a: i });
    const querier = store.querier(0, 2 ** 50);
    const [series] = querier.select([]);
    for (let from = -15; from <= 235; from += 5) {
      for (let to = from - 5; to <= 240; to += 5) {
        const expected = Array.from({ length: 23 }, (_, i) => i).filter(i => i * 10 >= from && i * 10 <= to);
        expect(points(series!.samples(EPOCH + from, EPOCH + to)).map(([, value]) => value)).toEqual(expected);
      }
    }
    querier.close();
  });

  it('orders series by labels and keeps to its range', () => {
    const store = openTestStore();
    const appender = store.appender();
    appender.append(labels('b', { x: '1' }), EPOCH, 1);
    appender.append(labels('a', { x: '2' }), EPOCH, 1);
    appender.append(labels('a', { x: '10' }), EPOCH, 1);
    appender.append(labels('late', { y: '1' }), EPOCH + 10, 1);
    appender.commit();
    const querier = store.querier(EPOCH, EPOCH);
    expect(querier.select([]).map(String.call, String)).toHaveLength(3);
    expect(querier.select([match('x', '=~', '.+')]).map(series => series.labels.toString())).toEqual([
      'a{x="10"}',
      'a{x="2"}',
      'b{x="1"}',
    ]);
    expect(querier.labelNames([])).toEqual(['__name__', 'x']);
    expect(querier.labelNames([match('__name__', '=', 'late')])).toEqual([]);
    expect(querier.labelValues('x', [match('__name__', '=', 'a')])).toEqual(['10', '2']);
    querier.close();
  });
});

describe('reopening', () => {
  it('brings back every bit, from the log and from chunks, and appends on', async () => {
    const directory = newFolder();
    const values = [1, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, 0.1, 'stale' as const, 3];
    for (const finish of ['maintain', 'close'] as const) {
      for (let round = 0; round < 3; round++) {
        const store = openTestStore({ directory, chunkSize: 6 });
        const at = store.statistics().samples / 2;
        for (let i = at; i < at + 7; i++)
          write(store, EPOCH + i * 1000, { mixed: values[i % values.length]!, counter: i * 3 });
        await store[finish]();
        store.close();
      }
    }
    const store = openTestStore({ directory, chunkSize: 6 });
    const expected = Array.from({ length: 42 }, (_, i) => i);
    expect(contentOf(store)).toEqual({
      counter: expected.map(i => [EPOCH + i * 1000, i * 3]),
      mixed: expected.map(i => [EPOCH + i * 1000, values[i % values.length]]),
    });
    expect(store.statistics().damages).toEqual([]);
    const appender = store.appender();
    expect(appender.append(labels('counter'), EPOCH + 41_000, 41 * 3)).toBe('duplicate');
    expect(appender.append(labels('counter'), EPOCH + 40_000, 41 * 3)).toBe('out-of-order');
    store.close();
  });

  it('keeps the directory for one owner', () => {
    const directory = newFolder();
    const store = openTestStore({ directory });
    expect(() => openTestStore({ directory })).toThrow(expect.objectContaining({ code: 'store-locked' }));
    store.close();
    openTestStore({ directory }).close();
  });
});

describe('metrics', () => {
  it('count what happened, under the names of Prometheus', async () => {
    const registry = new Registry();
    const store = openTestStore({ registry });
    write(store, EPOCH, { a: 1, b: 2 });
    write(store, EPOCH - 5, { a: 1 });
    const text = await registry.metrics();
    expect(text).toContain('prometheus_tsdb_head_samples_appended_total{type="float"} 2');
    expect(text).toContain('prometheus_tsdb_head_series 2');
    expect(text).toContain('prometheus_tsdb_out_of_order_samples_total 1');
    expect(text).toContain(`prometheus_tsdb_head_max_time ${EPOCH}`);
  });
});
