import { describe, expect, it } from 'vitest';
import { formatBurn, formatCount, formatObjective, formatPercent } from './numbers.ts';
import { formatAge, formatClock, formatInstant, formatLatency, formatSpan } from './time.ts';

describe('formatBurn', () => {
  it.each([
    [null, '–'],
    [0, '0×'],
    [0.004, '<0.01×'],
    [0.42, '0.42×'],
    [0.999, '1×'],
    [1, '1×'],
    [14.4, '14.4×'],
    [14.44, '14.4×'],
    [99.96, '100×'],
    [100, '100×'],
    [1234.5, '1,235×'],
  ])('prints %s as %s', (value, text) => expect(formatBurn(value)).toBe(text));
});

describe('formatPercent', () => {
  it.each([
    [null, '–'],
    [1, '100 %'],
    [0.99996, '99.9 %'],
    [0.982, '98.2 %'],
    [0.0004, '0 %'],
    [0, '0 %'],
    [-0.35, '-35 %'],
  ])('prints %s as %s', (value, text) => expect(formatPercent(value)).toBe(text));
});

it('prints an objective with every digit that was declared and no other', () => {
  expect(formatObjective(0.99)).toBe('99 %');
  expect(formatObjective(0.9995)).toBe('99.95 %');
  expect(formatObjective(0.99999)).toBe('99.999 %');
});

it('uses the singular for one only', () => {
  expect(formatCount(1, 'span')).toBe('1 span');
  expect(formatCount(0, 'span')).toBe('0 spans');
  expect(formatCount(2000, 'try', 'tries')).toBe('2,000 tries');
});

describe('formatSpan', () => {
  it.each([
    [-5, '0 s'],
    [999, '0 s'],
    [45_000, '45 s'],
    [6 * 60_000, '6 min'],
    [125 * 60_000, '2 h 5 min'],
    [50 * 3_600_000, '2 d 2 h'],
    [30 * 86_400_000, '30 d'],
  ])('prints %d ms as %s', (ms, text) => expect(formatSpan(ms)).toBe(text));
});

describe('formatLatency', () => {
  it.each([
    [0, '0 ms'],
    [0.4242, '0.42 ms'],
    [12.345, '12.3 ms'],
    [1534, '1.53 s'],
    [125_000, '2 min 5 s'],
  ])('prints %d ms as %s', (ms, text) => expect(formatLatency(ms)).toBe(text));
});

it('counts ages by the clock it is given and never into the future', () => {
  expect(formatAge(1000, 61_000)).toBe('1 min ago');
  expect(formatAge(2000, 1000)).toBe('just now');
});

it('prints instants in the local zone, 24 hours', () => {
  const instant = new Date(2026, 10, 23, 3, 7, 5).getTime();
  expect(formatClock(instant)).toBe('03:07:05');
  expect(formatClock(instant, false)).toBe('03:07');
  expect(formatInstant(instant)).toBe('2026-11-23 03:07:05');
  expect(formatClock(null)).toBe('–');
});
