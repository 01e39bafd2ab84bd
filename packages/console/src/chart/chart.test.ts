import { describe, expect, it } from 'vitest';
import type { BurnThreshold } from '../../../guard/src/server/console-types.ts';
import { burnCeiling, burnPosition, burnTicks } from './burn-scale.ts';
import { fromFirstSample } from './from-first-sample.ts';
import { isolatedPoints } from './isolated.ts';
import { appliesTo, defaultWindows, lineStyle } from './windows.ts';

const fast: BurnThreshold = {
  alertname: 'Fast',
  severity: 'page',
  value: 14.4,
  shortWindow: '5m',
  longWindow: '1h',
};
const slow: BurnThreshold = {
  alertname: 'Slow',
  severity: 'ticket',
  value: 6,
  shortWindow: '30m',
  longWindow: '6h',
};

describe('the burn scale', () => {
  it('keeps every threshold inside while the service idles', () => {
    const ceiling = burnCeiling([14.4, 6], [0, 0, null]);
    expect(ceiling).toBeGreaterThan(14.4);
    expect(burnPosition(14.4, ceiling)).toBeLessThan(0.9);
  });

  it('grows with an outage and still tells 0 from 1 and 6 from 14.4', () => {
    const ceiling = burnCeiling([14.4, 6], [0, 100]);
    expect(ceiling).toBe(125);
    const [zero, one, six, fourteen, hundred] = [0, 1, 6, 14.4, 100].map(v => burnPosition(v, ceiling));
    expect(zero).toBeGreaterThan(0);
    expect(one! - zero!).toBeGreaterThan(0.1);
    expect(fourteen! - six!).toBeGreaterThan(0.1);
    expect(hundred).toBeLessThan(1);
  });

  it('has room without thresholds and without values', () => {
    expect(burnCeiling([], [])).toBeGreaterThan(2);
    expect(burnTicks(burnCeiling([], []))).toEqual([0, 1, 3]);
  });

  it('marks about two values a decade', () => {
    expect(burnTicks(125)).toEqual([0, 1, 3, 10, 30, 100]);
  });
});

it('finds the samples that a line cannot show', () => {
  expect(isolatedPoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  expect(isolatedPoints([null, 0, null])).toEqual([1]);
  expect(isolatedPoints([])).toEqual([]);
});

describe('the drawn span', () => {
  const burn = (values: (number | null)[]) => ({
    step: 1000,
    timestamps: values.map((_, i) => i * 1000),
    series: [{ window: '5m', values }],
  });

  it('begins with the first sample, but is not shorter than it must be', () => {
    const young = fromFirstSample(burn([null, null, null, null, 1, 2]), 3000);
    expect(young.timestamps).toEqual([2000, 3000, 4000, 5000]);
    expect(young.series[0]?.values).toEqual([null, null, 1, 2]);
    expect(fromFirstSample(burn([null, 1, null, 2, 3, 4]), 2000).timestamps[0]).toBe(1000);
  });

  it('is the whole when there are samples from the start or none at all', () => {
    for (const values of [
      [1, null, 2],
      [null, null, null],
    ]) {
      expect(fromFirstSample(burn(values), 1000)).toEqual(burn(values));
    }
  });
});

describe('windows', () => {
  const windows = ['5m', '30m', '1h', '6h'];

  it('draws the paging pair at first', () => {
    expect(defaultWindows(windows, [slow, fast])).toEqual(['5m', '1h']);
  });

  it('draws the first two where nothing pages or the paging windows are not recorded', () => {
    expect(defaultWindows(windows, [slow])).toEqual(['5m', '30m']);
    expect(defaultWindows(['2h', '1d'], [fast])).toEqual(['2h', '1d']);
  });

  it('gives each window a line of its own', () => {
    const looks = windows.map(window => JSON.stringify(lineStyle(windows, window)));
    expect(new Set(looks).size).toBe(4);
  });

  it('knows which thresholds speak of the drawn windows', () => {
    expect(appliesTo(fast, ['5m'])).toBe(true);
    expect(appliesTo(slow, ['5m', '1h'])).toBe(false);
  });
});
