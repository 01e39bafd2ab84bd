import { describe, expect, test } from 'vitest';
import { parseDuration, UserError } from '../../core/index.ts';
import { loadSloFiles } from '../load.ts';
import { type Policy, windowsOf } from './policy.ts';
import { createPolicyBook, POLICY_NAMES, policyOf } from './policy-book.ts';
import { readPolicyFile } from './policy-file.ts';
import { scalePolicy } from './scale.ts';

const span = (text: string) => parseDuration(text)!;
const burns = ({ tiers }: Policy) => tiers.map(({ burn }) => burn);
const minutes = ({ tiers }: Policy) =>
  tiers.map(({ for: pending, shortWindow, longWindow }) =>
    [pending, shortWindow, longWindow].map(m => m / 60_000),
  );

describe('the built-in policies', () => {
  test('are those of the Workbook, of the article, of Sloth and of Pyrra', () => {
    expect(POLICY_NAMES.map(name => [name, burns(policyOf(name))])).toEqual([
      ['seed', [14.4, 6]],
      ['google-30d', [14.4, 6, 3, 1]],
      ['sloth', [14.4, 6, 3, 1]],
      ['pyrra', [14, 7, 2, 1]],
    ]);
  });

  test.each(POLICY_NAMES)('%s cites its source and bears its own name', name => {
    expect(policyOf(name)).toMatchObject({ name, source: expect.stringMatching(/Workbook|Sloth|Pyrra/) });
  });

  test('have every window once, the shortest first', () => {
    expect(windowsOf(policyOf('google-30d')).map(w => w / 60_000)).toEqual([5, 30, 60, 120, 360, 1440, 4320]);
  });
});

describe('another period', () => {
  test("changes the burn rates as the Workbook's formula says, so that the shares of the budget stay", () => {
    // Sloth's internal/alert/windows/google-28d.yaml has the same figures.
    expect(burns(scalePolicy(policyOf('google-30d'), span('28d')))).toEqual([
      13.44, 5.6, 2.8, 0.933333333333,
    ]);
    expect(burns(scalePolicy(policyOf('seed'), span('7d')))).toEqual([3.36, 1.4]);
    const quarter = scalePolicy(policyOf('google-30d'), span('90d'));
    expect(burns(quarter)).toEqual([43.2, 18, 9, 3]);
    expect(quarter.tiers.map(({ budgetShare }) => budgetShare)).toEqual([0.02, 0.05, 0.1, 0.1]);
  });

  test("changes Pyrra's windows in proportion, to whole minutes, and not its burn rates", () => {
    const week = scalePolicy(policyOf('pyrra'), span('7d'));
    expect(burns(week)).toEqual([14, 7, 2, 1]);
    // Those of Pyrra's slo.Windows(7 * 24 * time.Hour): half a minute is rounded up.
    expect(minutes(week)).toEqual([
      [1, 1, 15],
      [4, 8, 90],
      [15, 30, 360],
      [45, 90, 1440],
    ]);
    expect(week.tiers[3]!.budgetShare).toBeCloseTo(1 / 7, 12);
  });

  test('leaves the policy as it is when it is the same', () => {
    expect(scalePolicy(policyOf('seed'), span('30d'))).toBe(policyOf('seed'));
  });
});

describe('a policy of one’s own', () => {
  const OWN = `name: calm
source: our postmortems
period: 28d
tiers:
  - { suffix: Only, severity: ticket, budgetPercent: 10, longWindow: 1d, for: 5m, notify: [team] }
  - { suffix: Wild, severity: page, burn: 20, shortWindow: 5m, longWindow: 1h }
`;

  test('is read from YAML, with one window where it has one', () => {
    const policy = readPolicyFile('calm.yaml', OWN);
    expect(policy.tiers[0]).toEqual({
      suffix: 'Only',
      severity: 'ticket',
      burn: 2.8,
      budgetShare: 0.1,
      shortWindow: span('1d'),
      longWindow: span('1d'),
      for: span('5m'),
      notify: ['team'],
    });
    expect(policy.tiers[1]).toMatchObject({ burn: 20, for: 0, notify: [] });
    expect(policy.tiers[1]!.budgetShare).toBeCloseTo(20 / 672, 12);
    expect(createPolicyBook([policy]).get('calm')).toBe(policy);
    expect(createPolicyBook([policy]).names).toEqual([...POLICY_NAMES, 'calm']);
    expect(createPolicyBook().get('calm')).toBeUndefined();
  });

  test('may stand among SLO files, which name it', () => {
    const service = 'apiVersion: openslo/v1\nkind: Service\nmetadata: { name: shop }\nspec: {}\n';
    const metric = (query: string) => `{ metricSource: { type: Prometheus, spec: { query: ${query} } } }`;
    const slo = `apiVersion: openslo/v1
kind: SLO
metadata: { name: orders, annotations: { slo-guard/policy: calm } }
spec:
  service: shop
  indicator: { spec: { ratioMetric: { counter: true, bad: ${metric('errors_total')}, total: ${metric('requests_total')} } } }
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`;
    const policy = `apiVersion: slo-guard/v1\nkind: Policy\n${OWN}`;
    const files = (text: string) => [
      { file: 'slos.yaml', text: `${service}---\n${slo}` },
      { file: 'policy.yaml', text },
    ];
    expect(loadSloFiles(files(policy)).slos[0]!.policy).toMatchObject({
      name: 'calm',
      tiers: [{ burn: 2.8 }, { burn: 20 }],
    });
    expect(() => loadSloFiles(files(policy.replace('severity: page', 'severity: shout')))).toThrow(
      /policy\.yaml:8:31/,
    );
  });

  test.each([
    [OWN.replace('budgetPercent: 10, ', ''), '5:5 bad-value'],
    [OWN.replace('20,', '20, budgetPercent: 3,'), '6:5 bad-value'],
    [OWN.replace('5m, longWindow', '2h, longWindow'), '6:60 bad-policy'],
    [OWN.replace('longWindow: 1d', 'longWindow: 30d'), '5:70 bad-policy'],
    [OWN.replace('Wild', 'Only'), '6:15 bad-policy'],
    [OWN.replace('28d', '0s'), '3:9 bad-policy'],
    [OWN.replace('severity: page', 'severity: shout'), '6:31 bad-value'],
    [`${OWN}more: 1\n`, '7:1 unknown-field'],
    [OWN.replace('source: our postmortems\n', ''), '1:1 missing-field'],
  ])('is refused where it is wrong: %#', (text, place) => {
    const problems = () => {
      try {
        readPolicyFile('calm.yaml', text);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return error.problems.map(({ code, position }) => `${position?.line}:${position?.column} ${code}`);
      }
      return [];
    };
    expect(problems()).toContain(place);
  });
});
