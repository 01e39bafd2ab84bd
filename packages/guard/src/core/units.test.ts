import { expect, test } from 'vitest';
import { ofPercent, percent, type Ratio, ratio, toPercent } from './units.ts';

test('a percentage is no ratio, and leads to one without the noise of doubles', () => {
  // @ts-expect-error: 99.9 % is not the share 99.9
  const mixedUp: Ratio = percent(99.9);
  expect(mixedUp).toBe(99.9);
  expect(ofPercent(percent(99.9))).toBe(0.999);
  expect(toPercent(ratio(0.29))).toBe(29);
});
