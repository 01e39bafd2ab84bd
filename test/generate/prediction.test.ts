import { describe, expect, it } from 'vitest';
import { exampleSlo } from '../../packages/guard/src/generate/example-slo.testing.ts';
import { generateRules } from '../../packages/guard/src/generate/index.ts';
import { policyOf, predictDetection, type Slo } from '../../packages/guard/src/slo/index.ts';
import { createBench } from './bench.ts';
import { runTraffic } from './traffic.ts';

const STEP = 5;

/** Healthy traffic of 100 requests a second, then failures of this share until the alert fires. */
async function measured(
  slo: Slo,
  alert: string,
  healthySeconds: number,
  errorRatio: number,
  seconds: number,
) {
  const bench = createBench(
    generateRules({ slos: [slo] }, { interval: STEP * 1000, periodInterval: STEP * 1000 }),
  );
  let firedAfter: number | undefined;
  await runTraffic(bench, {
    step: STEP,
    phases: [
      { seconds: healthySeconds, good: 100, bad: 0 },
      { seconds, good: 100 * (1 - errorRatio), bad: 100 * errorRatio },
    ],
    at: time => {
      if (firedAfter === undefined && bench.firing(alert).length > 0) firedAfter = time - healthySeconds;
    },
  });
  return firedAfter;
}

describe('a generated alert pages within one scrape and one evaluation of what is predicted', () => {
  it.each([
    { healthySeconds: 600, errorRatio: 1, tier: 0 },
    { healthySeconds: 1800, errorRatio: 0.5, tier: 0 },
    { healthySeconds: 900, errorRatio: 0.2, tier: 1 },
    { healthySeconds: 3600, errorRatio: 1, tier: 1 },
  ])(
    'after $healthySeconds s of traffic, at an error ratio of $errorRatio',
    async ({ healthySeconds, errorRatio, tier }) => {
      const slo = exampleSlo({ policy: policyOf('seed') });
      const { burn, shortWindow, longWindow, suffix } = slo.policy.tiers[tier]!;
      const predicted = predictDetection({
        objective: slo.objective,
        burn,
        shortWindow,
        longWindow,
        errorRatio,
        healthySeconds,
      });
      if (predicted.outcome !== 'fires') throw new Error('never fires');
      const { crossesAfter } = predicted;
      const found = await measured(
        slo,
        `${slo.alertPrefix}${suffix}`,
        healthySeconds,
        errorRatio,
        crossesAfter + 30,
      );
      expect(found).toBeGreaterThan(crossesAfter - STEP);
      expect(found).toBeLessThanOrEqual(crossesAfter + 2 * STEP);
    },
  );

  it('and never where that is predicted', async () => {
    const slo = exampleSlo({ policy: policyOf('seed') });
    expect(
      predictDetection({
        objective: 0.99,
        burn: 14.4,
        shortWindow: 300_000,
        longWindow: 3_600_000,
        errorRatio: 0.14,
        healthySeconds: 600,
      }).outcome,
    ).toBe('never');
    expect(await measured(slo, `${slo.alertPrefix}Fast`, 600, 0.14, 1200)).toBeUndefined();
  });
});
