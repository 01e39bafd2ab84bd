import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWallClock } from '../wall-clock.ts';
import { timeTicks } from './time-axis.ts';
import { formatValue } from './units.ts';
import { valueAxis } from './value-axis.ts';

const labels = (min: number, max: number, count = 4) =>
  valueAxis(min, max, count, 'none').ticks.map(({ label }) => label);

describe('the axis of values', () => {
  it.each([
    [0, 1, ['0', '0.25', '0.50', '0.75', '1.00']],
    [0, 100, ['0', '25', '50', '75', '100']],
    [0.3, 1, ['0', '0.25', '0.50', '0.75', '1.00']],
    [90, 100, ['90.0', '92.5', '95.0', '97.5', '100.0']],
    [-1, 1, ['-1.0', '-0.5', '0', '0.5', '1.0']],
    [0, 14_400, ['0k', '4k', '8k', '12k', '16k']],
    [0, 0.000_02, ['0', '0.000005', '0.000010', '0.000015', '0.000020']],
    [0, 4e-12, ['0', '1e-12', '2e-12', '3e-12', '4e-12']],
  ])('of %s to %s has round ticks', (min, max, expected) => {
    expect(labels(min, max)).toEqual(expected);
  });

  it('of one value has room above and below', () => {
    expect([
      valueAxis(5, 5, 4, 'none'),
      valueAxis(0, 0, 4, 'none'),
      valueAxis(-5, -5, 4, 'none'),
    ]).toMatchObject([
      { min: 0, max: 10 },
      { min: 0, max: 1 },
      { min: -10, max: 0 },
    ]);
  });

  it('holds every value and has few, different labels', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 1, max: 10 }), (a, b, count) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const axis = valueAxis(min, max, count, 'none');
        const slack = (axis.max - axis.min) * 1e-6;
        expect(axis.min - slack).toBeLessThanOrEqual(min);
        expect(axis.max + slack).toBeGreaterThanOrEqual(max);
        expect(axis.ticks.length).toBeLessThanOrEqual(count + 2);
        expect(new Set(axis.ticks.map(({ label }) => label)).size).toBe(axis.ticks.length);
      }),
    );
  });
});

describe('values for people', () => {
  it.each([
    [0, 'none', '0'],
    [12_345.678, 'none', '12.35k'],
    [0.001_234_67, 'none', '0.001235'],
    [1e-9, 'none', '1e-9'],
    [1e30, 'none', '1e+12E'],
    [0.9995, 'percent', '99.95%'],
    [1536, 'bytes', '1.5KiB'],
    [0.0125, 'seconds', '12.5ms'],
    [5400, 'seconds', '1.5h'],
    [-2500, 'none', '-2.5k'],
    [Number.NaN, 'none', 'NaN'],
    [Number.NEGATIVE_INFINITY, 'none', '-Inf'],
  ] as const)('%s in %s is %s', (value, unit, expected) => {
    expect(formatValue(value, unit)).toBe(expected);
  });
});

describe('the axis of times', () => {
  const at = Date.UTC(2026, 6, 1, 21, 3);
  const ticks = (length: number, columns: number, zone = 'UTC') =>
    timeTicks(at, at + length, columns, createWallClock(zone)).map(({ label, context }) =>
      context === undefined ? label : `${label} ${context}`,
    );

  it('has ticks at round times, and the date where it changes', () => {
    expect(ticks(6 * 3_600_000, 70)).toEqual([
      '22:00 2026-07-01',
      '23:00',
      '00:00 2026-07-02',
      '01:00',
      '02:00',
      '03:00',
    ]);
    expect(ticks(60_000, 70)).toEqual([
      '21:03:00 2026-07-01',
      '21:03:15',
      '21:03:30',
      '21:03:45',
      '21:04:00',
    ]);
    expect(ticks(30 * 86_400_000, 50)).toEqual(['Jul 2 2026', 'Jul 9', 'Jul 16', 'Jul 23', 'Jul 30']);
  });

  it('has them round in the zone that is shown', () => {
    expect(ticks(2 * 3_600_000, 40, 'Asia/Kolkata')).toEqual(['03:00 2026-07-02', '03:30', '04:00', '04:30']);
  });

  it('has fewer of them than there is room for, over any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 20, max: 300 }), (length, columns) => {
        expect(ticks(length, columns).length).toBeLessThanOrEqual(columns / 9 + 1);
      }),
    );
  });
});
