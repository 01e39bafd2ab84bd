import { describe, expect, test } from 'vitest';
import { policyOf } from '../policies/policy-book.ts';
import { sloOf } from '../slo.testing.ts';
import { explainSlo } from './explain.ts';

const demo = sloOf({ objective: 0.99 });

describe('the table that teaches', () => {
  test('says the budget in time and, at a rate, in events', () => {
    expect(explainSlo(demo, { histories: [] }).budget).toEqual({
      ratio: 0.01,
      seconds: 25_920,
      events: undefined,
    });
    expect(explainSlo(demo, { histories: [], rate: 10 / 3600 }).budget.events).toMatchObject({
      failed: 72,
      all: 7200,
    });
  });

  test('says that 14.4 leaves 50 hours, and 6 five days', () => {
    const { alerts } = explainSlo(demo, { histories: [] });
    expect(alerts.map(({ name, exhaustsAfter }) => [name, exhaustsAfter / 3600])).toEqual([
      ['SLOShopOrdersFast', 50],
      ['SLOShopOrdersSlow', 120],
    ]);
  });

  test('says when a total outage pages: after 30 s, 10 minutes and an hour of traffic, and with full windows', () => {
    const [outage] = explainSlo(demo, { histories: [30, 600, 3600, undefined] }).courses;
    expect(outage!.alerts[0]!.firesAfter.map(Math.round)).toEqual([5, 101, 518, 518]);
    expect(outage!.alerts[0]!.endsAfter).toBeCloseTo(300 * (1 - 0.144), 9);
  });

  test('waits for as long as the policy says before it fires', () => {
    const [outage] = explainSlo({ ...demo, policy: policyOf('pyrra') }, { histories: [undefined] }).courses;
    expect(outage!.alerts[0]!.firesAfter[0]).toBeCloseTo(0.14 * 3600 + 120, 9);
  });

  test('says never, and leaves out what cannot be', () => {
    const { courses } = explainSlo(demo, { histories: [undefined] });
    expect(courses.map(({ title }) => title)).toEqual(['100 %', '50 %', '10 %', '5 %', '2× budget']);
    expect(courses[4]).toMatchObject({ burnRate: 2, errorRatio: 0.02 });
    expect(courses[4]!.alerts[0]).toEqual({ firesAfter: [Number.POSITIVE_INFINITY], endsAfter: 0 });
    const half = explainSlo(sloOf({ objective: 0.4 }), { histories: [undefined] });
    expect(half.courses.map(({ title }) => title)).not.toContain('2× budget');
  });

  test('counts the failures that fire at a rate', () => {
    expect(explainSlo(demo, { histories: [], rate: 1 }).alerts.map(({ failures }) => failures)).toEqual([
      519, 1297,
    ]);
    expect(explainSlo(demo, { histories: [], rate: 1 / 3600 }).alerts[0]!.failures).toBe(1);
  });
});
