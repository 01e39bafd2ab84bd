import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../core/index.ts';
import { budgetDuration, budgetSpent, errorBudget, highestBurnRate, timeToExhaust } from './budget.ts';
import { type DetectionCase, notifiedAfter, predictDetection, predictReset } from './predict.ts';

const span = (text: string) => parseDuration(text)!;
const fastPair = {
  objective: 0.99,
  burn: 14.4,
  shortWindow: span('5m'),
  longWindow: span('1h'),
} as const;

describe('the budget', () => {
  test('99 % over 30 days is 432 minutes, and lasts 50 hours at 14.4', () => {
    expect(budgetDuration({ objective: 0.99, window: span('30d') }) / 60).toBeCloseTo(432, 9);
    expect(timeToExhaust(span('30d'), 14.4) / 3600).toBe(50);
    expect(budgetSpent(span('30d'), 14.4, span('1h'))).toBeCloseTo(0.02, 12);
  });

  test('is free of the noise of doubles', () => {
    expect([0.99, 0.999, 0.9999, 0.95, 0.999999].map(errorBudget)).toEqual([
      0.01, 0.001, 0.0001, 0.05, 0.000001,
    ]);
    expect(highestBurnRate(0.99)).toBe(100);
  });
});

describe('detection', () => {
  const crossesAfter = (healthySeconds: number, errorRatio = 1) => {
    const detection = predictDetection({ ...fastPair, errorRatio, healthySeconds });
    return detection.outcome === 'fires' ? detection.crossesAfter : undefined;
  };

  test('of a total outage takes 5 s after 30 s of traffic, 101 s after 10 minutes, 518 s after an hour', () => {
    expect([30, 600, 3600].map(healthy => Math.round(crossesAfter(healthy)!))).toEqual([5, 101, 518]);
  });

  test('never comes at or below the threshold', () => {
    expect(crossesAfter(600, 0.144)).toBeUndefined();
    expect(crossesAfter(600, 0.1)).toBeUndefined();
  });

  test('is notified after group_wait, a scrape and an evaluation at most', () => {
    const hop = span('5s');
    const delays = {
      scrapeInterval: hop,
      evaluationInterval: hop,
      groupWait: span('10s'),
      groupInterval: hop,
    };
    expect(notifiedAfter(5, delays)).toEqual({ earliest: 15, latest: 25 });
  });
});

/** A fault course in whole seconds: one request a second, a share of which fails while the fault lasts. */
function ratioAt(t: number, window: number, course: { healthy: number; fault: number; errorRatio: number }) {
  const from = Math.max(-course.healthy, t - window);
  const faulty = Math.max(0, Math.min(t, course.fault) - Math.max(0, from));
  return (course.errorRatio * faulty) / (t - from);
}

const courses = fc.record({
  healthySeconds: fc.integer({ min: 1, max: 20_000 }),
  errorRatio: fc.double({ min: 0.15, max: 1, noNaN: true }),
  faultSeconds: fc.integer({ min: 1, max: 20_000 }),
});

describe('both predictions against the definition of the ratio', () => {
  test('the ratio crosses the threshold exactly when predicted', () => {
    fc.assert(
      fc.property(courses, ({ healthySeconds, errorRatio }) => {
        const situation: DetectionCase = { ...fastPair, errorRatio, healthySeconds };
        const detection = predictDetection(situation);
        if (detection.outcome === 'never') return;
        const course = { healthy: healthySeconds, fault: Number.POSITIVE_INFINITY, errorRatio };
        const pair = (t: number) => Math.min(ratioAt(t, 300, course), ratioAt(t, 3600, course));
        expect(pair(detection.crossesAfter * 1.001 + 1e-6)).toBeGreaterThan(detection.threshold);
        expect(pair(detection.crossesAfter * 0.999)).toBeLessThan(detection.threshold);
      }),
    );
  });

  test('the ratio falls to the threshold exactly when predicted', () => {
    fc.assert(
      fc.property(courses, ({ healthySeconds, errorRatio, faultSeconds }) => {
        const reset = predictReset({ ...fastPair, errorRatio, healthySeconds, faultSeconds });
        const course = { healthy: healthySeconds, fault: faultSeconds, errorRatio };
        const pair = (r: number) =>
          Math.min(ratioAt(faultSeconds + r, 300, course), ratioAt(faultSeconds + r, 3600, course));
        expect(pair(reset.clearsAfter * 1.001 + 1e-6)).toBeLessThanOrEqual(0.144 + 1e-9);
        if (reset.clearsAfter > 1) expect(pair(reset.clearsAfter * 0.999)).toBeGreaterThan(0.144 - 1e-9);
      }),
    );
  });
});
