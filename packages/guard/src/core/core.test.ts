import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareStrings,
  createMatcher,
  createVirtualClock,
  fnv1a64,
  formatDuration,
  formatFloat,
  formatFloatExponent,
  formatFloatShort,
  Labels,
  parseDuration,
  startTicker,
} from './index.ts';

describe('labels', () => {
  it('are sorted by bytes, unique and free of empty values', () => {
    expect(
      Labels.of([
        ['b', '1'],
        ['a', '2'],
        ['b', '3'],
        ['c', ''],
      ]).flat,
    ).toEqual(['a', '2', 'b', '3']);
    expect(compareStrings('\u{1f600}', '\uffee')).toBeGreaterThan(0);
  });

  it('print as a series', () => {
    expect(Labels.of({ __name__: 'up', job: 'x' }).toString()).toBe('up{job="x"}');
    expect(Labels.of({ __name__: 'up' }).toString()).toBe('up');
    expect(Labels.EMPTY.toString()).toBe('{}');
  });

  it('have the fingerprint of the reference FNV-1a', () => {
    expect(fnv1a64('')).toBe('cbf29ce484222325');
    expect(fnv1a64('a')).toBe('af63dc4c8601ec8c');
    expect(fnv1a64('foobar')).toBe('85944171f73967e8');
  });

  it('have the fingerprint that whole numbers give, whatever their texts', () => {
    const reference = (bytes: Iterable<number>) => {
      let hash = 0xcbf29ce484222325n;
      for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
      return hash.toString(16).padStart(16, '0');
    };
    const text = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(fc.dictionary(text, text), record => {
        const labels = Labels.of(record);
        const bytes = labels.flat.flatMap(part => [...Buffer.from(part), 0xff]);
        expect(labels.fingerprint()).toBe(reference(bytes));
      }),
    );
  });
});

describe('durations', () => {
  it.each([
    ['5m', 300_000, '5m'],
    ['1h30m', 5_400_000, '1h30m'],
    ['7d', 604_800_000, '1w'],
    ['36h', 129_600_000, '1d12h'],
    ['30d', 2_592_000_000, '30d'],
    ['1500ms', 1500, '1s500ms'],
    ['0', 0, '0s'],
  ])('%s is %d ms and prints as %s', (text, value, printed) => {
    expect(parseDuration(text)).toBe(value);
    expect(formatDuration(value)).toBe(printed);
  });

  it.each(['', '5', 'm5', '1m1h', '1.5h', '-5m', ' 5m', '300y'])('refuses %j', text => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('numbers', () => {
  it.each([
    [1e21, '1000000000000000000000', '1e+21', '1e+21'],
    [123456.5, '123456.5', '123456.5', '1.234565e+05'],
    [1234567, '1234567', '1.234567e+06', '1.234567e+06'],
    [1.5e-7, '0.00000015', '1.5e-07', '1.5e-07'],
    [14.4, '14.4', '14.4', '1.44e+01'],
    [123456, '123456', '123456', '1.23456e+05'],
    [1234567, '1234567', '1.234567e+06', '1.234567e+06'],
    [Number.POSITIVE_INFINITY, '+Inf', '+Inf', '+Inf'],
    [-0, '-0', '-0', '-0e+00'],
    [1, '1', '1', '1e+00'],
  ])('%d prints as Go prints it', (value, plain, short, exponent) => {
    expect([formatFloat(value), formatFloatShort(value), formatFloatExponent(value)]).toEqual([
      plain,
      short,
      exponent,
    ]);
  });
});

describe('matchers', () => {
  it('are anchored, and an absent label is empty', () => {
    expect(createMatcher('a', '=~', 'b|c').matches('bc')).toBe(false);
    expect(createMatcher('a', '=~', 'b.*').matches('b\nc')).toBe(true);
    expect(createMatcher('a', '!~', '.+').matches('')).toBe(true);
    expect(() => createMatcher('a', '=~', '(')).toThrow(/bad-regexp/);
  });
});

describe('ticker', () => {
  it('ticks at multiples of the interval and counts what it missed', async () => {
    const clock = createVirtualClock(1_000);
    const ticks: Array<[number, number]> = [];
    const ticker = startTicker(clock, {
      interval: 5_000,
      offset: 200,
      onTick: async (due, missed) => {
        ticks.push([due, missed]);
        if (ticks.length === 2) await clock.sleep(11_000);
      },
      onError: error => expect.unreachable(String(error)),
    });
    await clock.advance(31_000);
    await ticker.stop();
    expect(ticks).toEqual([
      [5_200, 0],
      [10_200, 0],
      [25_200, 2],
      [30_200, 0],
    ]);
  });

  it('begins at once when asked to, though the clock goes on between two looks', async () => {
    const virtual = createVirtualClock(1_000);
    let looks = 0;
    const clock = { ...virtual, now: () => virtual.now() + looks++ };
    const ticks: number[] = [];
    const ticker = startTicker(clock, {
      interval: 5_000,
      offset: 'now',
      onTick: due => void ticks.push(due),
      onError: error => expect.unreachable(String(error)),
    });
    await virtual.advance(6_000);
    await ticker.stop();
    expect(ticks).toEqual([1_000, 6_000]);
  });
});
