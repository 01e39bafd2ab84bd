import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsToClear, secondsToCross } from './predict.ts';

const hour = { window: 3600, threshold: 0.144 };
const fiveMinutes = { window: 300, threshold: 0.144 };

describe('time to cross', () => {
  it.each([
    [30, 5],
    [600, 101],
    [3600, 518],
  ])('after %d s of healthy traffic and a whole outage, the fast pair needs %d s', (healthy, expected) => {
    const course = { healthy, errorRatio: 1 };
    const pair = Math.max(secondsToCross(hour, course), secondsToCross(fiveMinutes, course));
    expect(Math.round(pair)).toBe(expected);
  });

  it('is never when the error ratio stays below the threshold', () => {
    expect(secondsToCross(hour, { healthy: 60, errorRatio: 0.02 })).toBe(Number.POSITIVE_INFINITY);
  });
});

/** The error ratio over the window, `after` seconds past the removed fault, by counting. */
function ratioAfter(
  window: number,
  healthy: number,
  errorRatio: number,
  faulty: number,
  after: number,
): number {
  const overlap = (from: number, to: number) =>
    Math.max(0, Math.min(to, after) - Math.max(from, after - window));
  const bad = errorRatio * overlap(-faulty, 0);
  return bad / overlap(-faulty - healthy, after);
}

describe('time to clear', () => {
  it('agrees with counting, second by second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 600 }),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        (healthy, faulty, errorRatio) => {
          const predicted = secondsToClear(fiveMinutes, { healthy, errorRatio }, faulty);
          const at = (after: number) => ratioAfter(300, healthy, errorRatio, faulty, after);
          expect(at(predicted + 0.01)).toBeLessThanOrEqual(fiveMinutes.threshold + 1e-3);
          if (predicted > 0.02)
            expect(at(predicted - 0.01)).toBeGreaterThanOrEqual(fiveMinutes.threshold - 1e-3);
        },
      ),
    );
  });
});
