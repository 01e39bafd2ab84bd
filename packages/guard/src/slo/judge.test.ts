import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../core/index.ts';
import { budgetEvents, timeToExhaust } from './budget.ts';
import { type Stretch, spansAbove } from './course.ts';
import { firingSpans, judgePolicy } from './judge.ts';
import { failuresToFire, leastEvents, leastRate, recommendedMinimumEvents } from './low-traffic.ts';
import type { BurnTier } from './policies/policy.ts';
import { policyOf } from './policies/policy-book.ts';
import { predictDetection, predictReset } from './predict.ts';

const span = (text: string) => parseDuration(text)!;
const HOUR = 3600;
const [fast, , slow] = policyOf('google-30d').tiers as [BurnTier, BurnTier, BurnTier, BurnTier];
const single = (burn: number, window: string): BurnTier => ({
  ...fast,
  burn,
  shortWindow: span(window),
  longWindow: span(window),
});

describe("the Workbook's figures for 99.9 % over 30 days", () => {
  const objective = 0.999;
  const total = (tier: BurnTier, healthySeconds = 40 * 86_400) => {
    const situation = { ...tier, objective, errorRatio: 1, healthySeconds };
    const detection = predictDetection(situation);
    return {
      detected: detection.outcome === 'fires' ? detection.crossesAfter : undefined,
      reset: predictReset({ ...situation, faultSeconds: 10 * 86_400 }).clearsAfter,
    };
  };

  test.each([
    ['1: target error rate, 10 m', single(1, '10m'), 0.6],
    ['2: increased alert window, 36 h', single(1, '36h'), 129.6],
    ['4: burn rate 36 over 1 h', single(36, '1h'), 129.6],
    ['5: 14.4 over 1 h', single(14.4, '1h'), 51.84],
  ])('approach %s detects a total outage in %d s', (_, tier, seconds) => {
    expect(total(tier).detected).toBeCloseTo(seconds, 9);
  });

  test('a burn rate of 36 over 1 h resets after 58 minutes; the short window makes it 5', () => {
    expect(Math.round(total(single(36, '1h')).reset / 60)).toBe(58);
    expect(total({ ...single(36, '1h'), shortWindow: span('5m') }).reset / 60).toBeCloseTo(
      5 * (1 - 0.036),
      9,
    );
  });

  test('a burn rate of 1, 2, 10 and 1000 lasts 30 days, 15 days, 3 days and 43 minutes', () => {
    expect([1, 2, 10].map(burn => timeToExhaust(span('30d'), burn) / 86_400)).toEqual([30, 15, 3]);
    expect(Math.floor(timeToExhaust(span('30d'), 1000) / 60)).toBe(43);
    expect(timeToExhaust(span('30d'), 2, 0.5) / 86_400).toBe(7.5);
    expect(timeToExhaust(span('30d'), 2, -0.1)).toBe(0);
  });

  test('at 10 events an hour seven may fail, one failure is 13.9 % of the budget, and pages', () => {
    const rate = 10 / HOUR;
    const budget = budgetEvents({ objective, window: span('30d') }, rate);
    expect(Math.floor(budget)).toBe(7);
    expect((100 / budget).toFixed(1)).toBe('13.9');
    expect(failuresToFire(objective, fast, rate)).toBe(1);
  });
});

describe('low traffic', () => {
  test('a failure among 69 exceeds 14.4 at 99.9 %, among 70 it does not', () => {
    expect(leastEvents(0.999, 14.4)).toBe(70);
    expect(1 / 69).toBeGreaterThan(0.0144);
    expect(1 / 70).toBeLessThan(0.0144);
  });

  test('whole quotients stay whole', () => {
    expect(leastEvents(0.99, 1)).toBe(100);
    expect(leastEvents(0.9, 2)).toBe(5);
  });

  test('the failures needed grow with the traffic in the long window', () => {
    // 3,600 events in the hour; 51.84 of them reach the threshold.
    expect(failuresToFire(0.999, fast, 1)).toBe(52);
    expect(failuresToFire(0.999, fast, leastRate(0.999, fast))).toBe(2);
    expect(failuresToFire(0.999, fast, leastRate(0.999, fast) * 0.98)).toBe(1);
  });

  test('the recommended minimum protects every page, tickets not', () => {
    expect(recommendedMinimumEvents(0.999, policyOf('google-30d'))).toBe(leastEvents(0.999, 6));
    expect(recommendedMinimumEvents(0.999, policyOf('seed'))).toBe(70);
    expect(recommendedMinimumEvents(0.999, { ...policyOf('seed'), tiers: [slow] })).toBeUndefined();
  });
});

const stretch = fc.record({
  seconds: fc.integer({ min: 1, max: 400 }),
  errorRatio: fc.constantFrom(0, 0, 0.05, 0.2, 1),
  rate: fc.constantFrom(1, 1, 3, 0.5),
});

/** The error ratio over a window by counting second after second; the last stretch goes on. */
function counted(course: readonly Stretch[], window: number, t: number): number {
  const seconds = course.flatMap(one => Array.from({ length: one.seconds }, () => one));
  let events = 0;
  let failures = 0;
  for (let s = Math.max(0, t - window); s < t; s++) {
    const { rate = 1, errorRatio } = seconds[s] ?? course.at(-1)!;
    events += rate;
    failures += rate * errorRatio;
  }
  return failures / events;
}

describe('when a ratio is above a threshold', () => {
  test('is found exactly, whatever the course', () => {
    fc.assert(
      fc.property(
        fc.array(stretch, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 5, max: 300 }),
        fc.integer({ min: 1, max: 2600 }),
        (course, window, t) => {
          const ratio = counted(course, window, t);
          fc.pre(Math.abs(ratio - 0.101) > 1e-9);
          const spans = spansAbove(course, window * 1000, 0.101);
          expect(spans.some(({ from, to }) => from < t && t < to)).toBe(ratio > 0.101);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('agrees with the prediction for a fault after healthy traffic', () => {
    const healthySeconds = 600;
    const course = [
      { seconds: healthySeconds, errorRatio: 0 },
      { seconds: 1800, errorRatio: 1 },
      { seconds: 1, errorRatio: 0 },
    ];
    const situation = { ...fast, objective: 0.99, errorRatio: 1, healthySeconds };
    const detection = predictDetection(situation);
    const reset = predictReset({ ...situation, faultSeconds: 1800 });
    const [firing, ...more] = firingSpans(course, 0.99, fast);
    expect(more).toEqual([]);
    expect(firing!.from).toBeCloseTo(
      healthySeconds + (detection as { crossesAfter: number }).crossesAfter,
      6,
    );
    expect(firing!.to).toBeCloseTo(healthySeconds + 1800 + reset.clearsAfter, 6);
  });

  test('waits for as long as the tier says', () => {
    const course = [
      { seconds: 600, errorRatio: 0 },
      { seconds: 1800, errorRatio: 1 },
    ];
    const [at] = firingSpans(course, 0.99, fast);
    const [later] = firingSpans(course, 0.99, { ...fast, for: span('2m') });
    expect(later!.from - at!.from).toBeCloseTo(120, 9);
    expect(later!.to).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a policy over a course', () => {
  const healthy = (seconds: number) => ({ seconds, errorRatio: 0 });
  const trial = {
    objective: 0.999,
    window: span('30d'),
    policy: policyOf('google-30d'),
    severity: 'page',
    significantShare: 0.02,
  } as const;
  /** A total outage of ten minutes (23 % of the budget), a spike of ten seconds (0.4 %), an hour at five per thousand (0.7 %). */
  const course = [
    healthy(6 * HOUR),
    { seconds: 600, errorRatio: 1 },
    healthy(12 * HOUR),
    { seconds: 10, errorRatio: 1 },
    healthy(12 * HOUR),
    { seconds: HOUR, errorRatio: 0.005 },
    healthy(30 * 86_400 - 31 * HOUR - 610),
  ];

  test('pages for the outage alone: precision and recall are 1', () => {
    const { incidents, alerts, precision, recall } = judgePolicy({ ...trial, course });
    expect(incidents.map(({ significant, budgetShare }) => [significant, budgetShare.toFixed(3)])).toEqual([
      [true, '0.231'],
      [false, '0.004'],
      [false, '0.007'],
    ]);
    expect(alerts).toHaveLength(1);
    expect([precision, recall]).toEqual([1, 1]);
    expect(incidents[0]!.detectedAfter).toBeCloseTo((0.0144 * 3600) / 1, 6);
    // The outage is the whole of the 30 m window's failures: it holds the alert longest.
    expect(incidents[0]!.resetAfter).toBeCloseTo(1800 - 10.8, 6);
    expect(incidents[1]).toMatchObject({ detectedAfter: undefined, resetAfter: undefined });
  });

  test('without a long window pages for the spike too: half the alerts are for nothing', () => {
    const jumpy = { ...trial.policy, tiers: [single(14.4, '5m')] };
    const { alerts, precision, recall } = judgePolicy({ ...trial, policy: jumpy, course });
    expect(alerts.map(({ significant }) => significant)).toEqual([true, false]);
    expect([precision, recall]).toEqual([0.5, 1]);
  });

  test('misses what it is too slow for; without alerts there is no precision', () => {
    const deaf = { ...trial.policy, tiers: [{ ...single(14.4, '1h'), for: span('2h') }] };
    expect(judgePolicy({ ...trial, policy: deaf, course })).toMatchObject({
      alerts: [],
      precision: undefined,
      recall: 0,
    });
  });

  test('weighs an incident by its traffic', () => {
    const night = [
      healthy(HOUR),
      { seconds: 600, errorRatio: 1, rate: 0.01 },
      { ...healthy(30 * 86_400 - HOUR - 600) },
    ];
    expect(judgePolicy({ ...trial, course: night }).incidents[0]!.budgetShare).toBeCloseTo(0.00231, 4);
  });

  test('pages miss a slow leak, tickets find it', () => {
    const leak = [healthy(6 * HOUR), { seconds: 3 * 86_400, errorRatio: 0.0025 }, healthy(26 * 86_400)];
    expect(judgePolicy({ ...trial, course: leak })).toMatchObject({ alerts: [], recall: 0 });
    const tickets = judgePolicy({ ...trial, severity: 'ticket', course: leak });
    expect(tickets).toMatchObject({ precision: 1, recall: 1 });
    // A burn rate of 2.5 is above 1 over 3 days once 1.2 of them have leaked.
    expect(tickets.incidents[0]!.detectedAfter! / 86_400).toBeCloseTo(1.2, 9);
  });
});
