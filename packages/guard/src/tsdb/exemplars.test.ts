import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Labels } from '../core/index.ts';
import type { Exemplar } from '../promql/storage.ts';
import { createExemplarStore } from './exemplars.ts';
import { EPOCH, labels, match, openTestStore } from './testing.ts';

const EVER = 2 ** 50;
const every = [[match('__name__', '=~', '.+')]];
const exemplar = (at: number, value = at, trace = `${at}`): Exemplar => ({
  labels: Labels.of({ trace_id: trace }),
  value,
  timestamp: EPOCH + at,
});

describe('the buffer of exemplars', () => {
  it('keeps those that were taken last, of all series together', () => {
    const store = createExemplarStore(3);
    for (let at = 0; at < 4; at++) store.add(labels('a'), exemplar(at));
    store.add(labels('b'), exemplar(9));
    const held = () =>
      store.query(every, 0, EVER).map(each => [`${each.labels}`, each.exemplars.map(x => x.value)]);
    expect(held()).toEqual([
      ['a', [2, 3]],
      ['b', [9]],
    ]);
    for (let at = 10; at < 13; at++) store.add(labels('b'), exemplar(at));
    expect(held()).toEqual([['b', [10, 11, 12]]]);
    // A series that was overwritten begins anew.
    expect(store.add(labels('a'), exemplar(0))).toBe('appended');
  });

  it('holds what a list of all that were taken, cut to the newest, holds', () => {
    const offered = fc.tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.nat(30),
      fc.nat(3),
      fc.constantFrom('x', 'y'),
    );
    fc.assert(
      fc.property(fc.array(offered, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (all, capacity) => {
        const store = createExemplarStore(capacity);
        let taken: Array<{ name: string; exemplar: Exemplar }> = [];
        for (const [name, at, value, trace] of all) {
          const offer = exemplar(at, value, trace);
          const judged = store.judge(labels(name), offer);
          expect(store.add(labels(name), offer)).toBe(judged);
          if (judged === 'appended') taken = [...taken, { name, exemplar: offer }].slice(-capacity);
        }
        const expected = [...new Set(taken.map(({ name }) => name))].sort().map(name => ({
          labels: labels(name),
          exemplars: taken.filter(each => each.name === name).map(each => each.exemplar),
        }));
        expect(store.query(every, 0, EVER)).toEqual(expected);
        expect(store.figures()).toEqual({
          exemplars: taken.length,
          series: expected.length,
          oldestTimestamp: taken[0]?.exemplar.timestamp ?? 0,
        });
      }),
    );
  });

  it('gives what lies in the range, both ends included, of series that one of the sets selects', () => {
    const store = createExemplarStore(10);
    for (let at = 0; at < 5; at++) store.add(labels('a', { x: '1' }), exemplar(at));
    store.add(labels('b'), exemplar(2));
    const values = (sets: Parameters<typeof store.query>[0], from: number, to: number) =>
      store.query(sets, EPOCH + from, EPOCH + to).map(each => each.exemplars.map(({ value }) => value));
    expect(values(every, 1, 3)).toEqual([[1, 2, 3], [2]]);
    expect(values([[match('x', '=', '1')]], 2, 2)).toEqual([[2]]);
    expect(values([[match('x', '=', '1'), match('__name__', '=', 'b')]], 0, 9)).toEqual([]);
    expect(values([[match('x', '=', '1')], [match('__name__', '=', 'b')]], 5, 9)).toEqual([]);
  });

  it('judges by the newest one of the series', () => {
    const store = createExemplarStore(10);
    const offer = (at: number, value: number, trace = 'x') =>
      store.add(labels('a'), exemplar(at, value, trace));
    expect(offer(5, 5)).toBe('appended');
    expect(offer(5, 5)).toBe('duplicate');
    expect(offer(4, 9)).toBe('out-of-order');
    expect(offer(5, 4)).toBe('out-of-order');
    expect(offer(5, 6)).toBe('appended');
    expect(offer(6, 0)).toBe('appended');
    expect(offer(6, -0)).toBe('duplicate');
    expect(offer(7, Number.NaN)).toBe('appended');
    expect(offer(7, Number.NaN)).toBe('appended');
    expect(offer(8, 1, 'ü'.repeat(120))).toBe('appended');
    expect(offer(9, 1, '🙂'.repeat(120))).toBe('appended');
    expect(offer(10, 1, 'ü'.repeat(121))).toBe('labels-too-long');
  });

  it('of no size takes everything and keeps nothing', () => {
    const store = createExemplarStore(0);
    for (const at of [2, 1]) expect(store.add(labels('a'), exemplar(at))).toBe('appended');
    expect(store.query(every, 0, EVER)).toEqual([]);
  });
});

describe('exemplars of a store', () => {
  it('come with the commit, and are counted', async () => {
    const registry = new Registry();
    const store = openTestStore({ registry, maxExemplars: 2 });
    const appender = store.appender();
    for (const at of [1, 2, 3]) appender.appendExemplar(labels('a'), exemplar(at));
    expect(store.exemplars(every, 0, EVER)).toEqual([]);
    appender.commit();
    const late = store.appender();
    expect(late.appendExemplar(labels('a'), exemplar(2))).toBe('out-of-order');
    const rolledBack = store.appender();
    rolledBack.appendExemplar(labels('a'), exemplar(4));
    rolledBack.rollback();
    expect(store.exemplars(every, 0, EVER).map(each => each.exemplars.length)).toEqual([2]);
    const text = await registry.metrics();
    for (const line of [
      'exemplars_appended_total 3',
      'exemplars_in_storage 2',
      'series_with_exemplars_in_storage 1',
      `last_exemplars_timestamp_seconds ${(EPOCH + 2) / 1000}`,
      'max_exemplars 2',
      'out_of_order_exemplars_total 0',
    ])
      expect(text).toContain(`prometheus_tsdb_exemplar_${line}`);
  });

  it('that another transaction overtook are counted as out of order', async () => {
    const registry = new Registry();
    const store = openTestStore({ registry });
    const slow = store.appender();
    const fast = store.appender();
    expect(slow.appendExemplar(labels('a'), exemplar(1))).toBe('appended');
    expect(fast.appendExemplar(labels('a'), exemplar(2))).toBe('appended');
    fast.commit();
    slow.commit();
    expect(await registry.metrics()).toContain('prometheus_tsdb_exemplar_out_of_order_exemplars_total 1');
  });
});
