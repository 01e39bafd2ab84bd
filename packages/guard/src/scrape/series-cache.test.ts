import { describe, expect, it } from 'vitest';
import { Labels } from '../core/index.ts';
import { createSeriesCache, type SeriesCache } from './series-cache.ts';

const labelsOf = (name: string) => Labels.of({ __name__: name });

/** Scrapes an exposition of these series; gives which guesses held. */
function scrape(cache: SeriesCache, names: readonly string[]): string {
  const guesses = names.map(name => {
    const held = cache.expected() === name;
    const series = cache.find(name)?.series ?? cache.add(name, labelsOf(name));
    cache.track(series);
    return held ? '+' : '-';
  });
  return guesses.join('');
}

const gone = (cache: SeriesCache) => cache.vanished().map(String);

describe('the cache of series', () => {
  it('guesses the order of the last scrape, and finds its way back after a change', () => {
    const cache = createSeriesCache();
    expect(scrape(cache, ['a', 'b', 'c', 'd'])).toBe('----');
    cache.finish(true);
    expect(scrape(cache, ['a', 'b', 'c', 'd'])).toBe('++++');
    cache.finish(true);
    expect(scrape(cache, ['a', 'new', 'b', 'd'])).toBe('+-+-');
    cache.finish(true);
    expect(scrape(cache, ['a', 'new', 'b', 'd'])).toBe('++++');
  });

  it('tells which series vanished, once', () => {
    const cache = createSeriesCache();
    scrape(cache, ['a', 'b']);
    cache.finish(true);
    scrape(cache, ['a']);
    expect(gone(cache)).toEqual(['b']);
    cache.finish(true);
    scrape(cache, ['a']);
    expect(gone(cache)).toEqual([]);
  });

  it('does not take a series for gone that is written differently', () => {
    const cache = createSeriesCache();
    cache.track(cache.add('a{}', labelsOf('a')));
    cache.finish(true);
    cache.track(cache.add('a', labelsOf('a')));
    expect(gone(cache)).toEqual([]);
  });

  it('forgets what a good scrape did not have, even when others came twice', () => {
    const cache = createSeriesCache();
    scrape(cache, ['a', 'b']);
    cache.finish(true);
    scrape(cache, ['a', 'a']);
    cache.finish(true);
    expect(cache.find('b')).toBeUndefined();
    expect(cache.find('a')?.again).toBe(false);
    expect(cache.find('a')?.again).toBe(true);
  });

  it('forgets when failing scrapes make it grow without bound, and says so', () => {
    const cache = createSeriesCache();
    scrape(cache, ['a']);
    cache.finish(true);
    let forced = 0;
    for (let n = 0; n < 2500; n += 100) {
      scrape(
        cache,
        Array.from({ length: 100 }, (_, i) => `m${n + i}`),
      );
      if (cache.finish(false)) forced++;
    }
    expect(forced).toBe(2);
    expect(cache.find('m0')).toBeUndefined();
  });
});
