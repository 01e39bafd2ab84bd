import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { UserError } from '../../core/index.ts';
import { policyOf } from '../../slo/index.ts';
import { exampleSlo } from '../example-slo.testing.ts';
import { mergeRouting } from './merge.ts';

const SLOS = { slos: [exampleSlo({ policy: policyOf('google-30d'), grouping: ['route'] })] };
const USER = `# Ours since 2019.
global:
  smtp_smarthost: 'localhost:25' # the relay
route:
  receiver: everybody
  routes:
    # The database has its own people.
    - matchers: [team="db"]
      receiver: dba
receivers:
  - name: everybody
    webhook_configs: [{ url: 'http://127.0.0.1:1/' }]
  - { name: dba }
  - name: pager
`;
const merge = (text: string, options = {}) => mergeRouting({ file: 'am.yml', text }, SLOS, options);

function problemsOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError)
      return error.problems.map(({ code, position }) => `${position?.line}:${position?.column} ${code}`);
    throw error;
  }
  return [];
}

describe('routes and inhibition merged into a file', () => {
  test('leave all else as it was, comments among it', () => {
    const merged = merge(USER);
    for (const [comment] of USER.matchAll(/#.*/g)) expect(merged).toContain(comment);
    const { route, inhibit_rules, ...rest } = parse(merged);
    const { route: own, ...others } = parse(USER);
    expect(rest).toEqual(others);
    expect(route.receiver).toBe(own.receiver);
    expect(route.routes.map((each: { receiver?: string }) => each.receiver)).toEqual(['dba', undefined]);
    expect(route.routes[1]).toMatchObject({
      matchers: ['slo!=""'],
      group_by: ['alertname', 'service', 'slo', 'route'],
      repeat_interval: '4h',
    });
    expect(inhibit_rules).toEqual([
      {
        source_matchers: ['severity="page"', 'slo!=""'],
        target_matchers: ['severity="ticket"', 'slo!=""'],
        equal: ['service', 'slo', 'route'],
      },
      {
        source_matchers: ['alertname=~".+(Fast)"', 'severity="page"', 'slo!=""'],
        target_matchers: ['alertname=~".+(Medium)"', 'severity="page"', 'slo!=""'],
        equal: ['service', 'slo', 'route'],
      },
      {
        source_matchers: ['alertname=~".+(Slow)"', 'severity="ticket"', 'slo!=""'],
        target_matchers: ['alertname=~".+(Creeping)"', 'severity="ticket"', 'slo!=""'],
        equal: ['service', 'slo', 'route'],
      },
    ]);
  });

  test('come first where receivers are chosen', () => {
    const { route } = parse(merge(USER, { pageReceiver: 'pager' }));
    expect(route.routes.map((each: { receiver?: string }) => each.receiver)).toEqual([undefined, 'dba']);
    expect(route.routes[0].routes).toEqual([{ matchers: ['severity="page"'], receiver: 'pager' }]);
  });

  test.each([{}, { pageReceiver: 'pager', ticketReceiver: 'everybody' }])(
    'are replaced when they are merged again with %o',
    options => {
      const once = merge(USER, options);
      expect(merge(once, options)).toBe(once);
      const other = merge(once, { pageReceiver: 'dba' });
      expect(parse(other).route.routes).toHaveLength(2);
      expect(parse(other).inhibit_rules).toHaveLength(3);
      expect(other).toContain('# The database has its own people.');
    },
  );

  test('keep rules of the user that are like ours', () => {
    const own = `${USER}inhibit_rules:\n  - source_matchers: [severity="page"]\n    target_matchers: [severity="ticket"]\n    equal: [service]\n`;
    const twice = merge(merge(own));
    expect(parse(twice).inhibit_rules[0].equal).toEqual(['service']);
    expect(parse(twice).inhibit_rules).toHaveLength(4);
  });

  test('tell those besides whom a policy names', () => {
    const policy = policyOf('seed');
    const tiers = policy.tiers.map(tier => ({ ...tier, notify: tier.severity === 'page' ? ['dba'] : [] }));
    const slos = [exampleSlo({ policy: { ...policy, tiers } })];
    const { route } = parse(mergeRouting({ file: 'am.yml', text: USER }, { slos }));
    expect(route.routes.at(-1).routes).toEqual([
      { matchers: ['alertname="SLOShopOrdersBudgetBurnFast"'], receiver: 'dba', continue: true },
      {},
    ]);
  });

  test.each([
    ['a receiver that is not there', USER, { pageReceiver: 'pagr' }, '10:1 unknown-receiver'],
    ['no route', 'receivers: []\n', {}, '1:1 bad-alertmanager-config'],
    ['no YAML', 'a: [', {}, expect.stringContaining('bad-yaml')],
  ])('are refused with %s', (_, text, options, expected) => {
    expect(problemsOf(() => merge(text, options))[0]).toEqual(expected);
  });
});
