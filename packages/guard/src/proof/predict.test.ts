import { describe, expect, it } from 'vitest';
import { type FaultCourse, predictDetectionStages, predictOnset, predictRecoveryStages } from './predict.ts';

const COURSE: FaultCourse = {
  baseline: {
    alert: { name: 'Burn', objective: 0.99, burn: 14.4, shortWindow: 300_000, longWindow: 3_600_000 },
    delays: { scrapeInterval: 5000, evaluationInterval: 5000, groupWait: 10_000, groupInterval: 30_000 },
  },
  healthySeconds: 30,
  errorRatio: 1,
  requestsPerSecond: 10,
};

describe('predictions of stages', () => {
  it('expect the first failure with the next request when all fail', () => {
    expect(predictOnset(COURSE)['failing responses'].latest).toBeCloseTo(1.1);
  });

  it('allow for luck when few requests fail', () => {
    const { latest } = predictOnset({ ...COURSE, errorRatio: 0.02, requestsPerSecond: 20 })[
      'failing responses'
    ];
    expect(latest).toBeCloseTo(1 + Math.log(0.001) / Math.log(0.98) / 20);
  });

  it('add a scrape, an evaluation and group_wait to the crossing', () => {
    const stages = predictDetectionStages(COURSE);
    const crossing = (0.144 * 30) / 0.856;
    expect(stages['alert firing'].earliest).toBeCloseTo(crossing);
    expect(stages['page delivered'].earliest).toBeCloseTo(crossing + 10);
    expect(stages['page delivered'].latest).toBeCloseTo(crossing + 10 + 5 + 5 + 1);
  });

  it('are infinite where the error ratio is below the threshold', () => {
    expect(predictDetectionStages({ ...COURSE, errorRatio: 0.1 })['page delivered'].earliest).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('put the resolve at the flushes of the group, counted from the page', () => {
    const stages = predictRecoveryStages({ ...COURSE, faultSeconds: 20, pagedSeconds: 0 });
    // 20 failures of 0.144 × (30 + 20 + r) requests: cleared after 88.9 s, so the flush at 90 s or the next one.
    expect(stages['burn below threshold'].earliest).toBeCloseTo(20 / 0.144 - 50 - 5);
    expect(stages['resolve delivered']).toEqual({ earliest: 89, latest: 121 });
  });

  it('shift the flushes by the time between page and removal', () => {
    const stages = predictRecoveryStages({ ...COURSE, faultSeconds: 20, pagedSeconds: 10 });
    expect(stages['resolve delivered'].latest).toBe(111);
  });
});
