import { expect, it } from 'vitest';
import type { ActiveAlert } from '../../../../guard/src/server/console-types.ts';
import { budgetOutlook } from '../../components/budget-outlook.ts';
import { activeSince, promise } from '../../components/slo-facts.ts';
import { incident } from '../../testing/fixtures.ts';
import { byUrgency } from './alert-order.ts';

const NOW = 1_764_000_000_000;
const [firing, pending, ok, lost] = incident(NOW).slos;

it('puts firing before pending, pages first, then the newest', () => {
  const alert = (alertname: string, state: ActiveAlert['state'], severity: string, activeAt: number) => ({
    ...incident(NOW).alerts[0]!,
    alertname,
    state,
    severity,
    activeAt,
  });
  const alerts = [
    alert('pending page', 'pending', 'page', 9),
    alert('old ticket', 'firing', 'ticket', 1),
    alert('new ticket', 'firing', 'ticket', 2),
    alert('page', 'firing', 'page', 0),
    alert('pending info', 'pending', 'info', 9),
  ];
  const names = alerts.sort(byUrgency).map(({ alertname }) => alertname);
  expect(names).toEqual(['page', 'new ticket', 'old ticket', 'pending page', 'pending info']);
});

it('gives a whole 30-day budget at 14.4 fifty hours', () => {
  const whole = {
    ...ok!,
    budget: { remaining: 1, coverageSeconds: 1 },
    burnRates: [{ window: '5m', value: 14.4 }],
  };
  expect(budgetOutlook(whole)?.secondsLeft).toBeCloseTo(50 * 3600);
});

it('foretells no end of a budget that is kept, spent or unknown', () => {
  expect(budgetOutlook(ok!)).toBeUndefined();
  expect(budgetOutlook(lost!)).toBeUndefined();
  expect(budgetOutlook({ ...firing!, budget: { remaining: -0.2, coverageSeconds: 1 } })).toBeUndefined();
});

it('takes since when from the alerts that make the state', () => {
  expect(activeSince(firing!)).toBe(NOW - 240_000);
  expect(activeSince(pending!)).toBe(NOW - 9000);
  expect(activeSince(ok!)).toBeNull();
  expect(activeSince(lost!)).toBeNull();
});

it('says a promise as it was declared', () => {
  expect(promise(ok!)).toBe('99 % in 30 d');
});
