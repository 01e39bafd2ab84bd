import { expect, it } from 'vitest';
import { type CurrentSample, type RuleAlert, sloOverview } from './slo-overview.ts';

const own = { service: 'service_a', slo: 'availability' };
const sample = (name: string, value: number, labels = {}): CurrentSample => ({
  metric: { __name__: name, ...own, ...labels },
  value,
});
const metadata = [
  sample('slo:objective:ratio', 0.99),
  sample('slo:window:seconds', 2_592_000),
  sample('slo:burn_rate_threshold:ratio', 14.4, {
    alertname: 'Fast',
    severity: 'page',
    short_window: '5m',
    long_window: '1h',
  }),
];
const alert = (state: RuleAlert['state']): RuleAlert => ({
  labels: { ...own, alertname: 'Fast', severity: 'page' },
  state,
  activeAt: state === 'inactive' ? null : 1,
  value: null,
});

it('calls an SLO without any burn rate "no data", with its windows named and nothing made up', () => {
  const [slo] = sloOverview(metadata, [alert('inactive')]);
  expect(slo).toMatchObject({
    state: 'no-data',
    severity: null,
    burnRates: [
      { window: '5m', value: null },
      { window: '1h', value: null },
    ],
    budget: { remaining: null, coverageSeconds: null },
  });
});

it.each([
  ['inactive', 'ok', null],
  ['pending', 'pending', 'page'],
  ['firing', 'firing', 'page'],
] as const)('with data and an alert that is %s is %s', (alertState, state, severity) => {
  const [slo] = sloOverview([...metadata, sample('slo:burn_rate:5m', 100)], [alert(alertState)]);
  expect(slo).toMatchObject({ state, severity, objective: 0.99 });
});

it('leaves out what belongs to another SLO', () => {
  const other = {
    metric: { __name__: 'slo:burn_rate:5m', service: 'service_b', slo: 'availability' },
    value: 5,
  };
  const foreign = {
    ...alert('firing'),
    labels: { service: 'service_b', slo: 'availability', alertname: 'X' },
  };
  expect(sloOverview([...metadata, other], [foreign])[0]).toMatchObject({ state: 'no-data', alerts: [] });
});

it('calls NaN no data: a ratio of nothing to nothing is not ok', () => {
  const [slo] = sloOverview(
    [
      ...metadata,
      sample('slo:burn_rate:5m', Number.NaN),
      sample('slo:error_budget_remaining:ratio', Number.NaN),
    ],
    [],
  );
  expect(slo).toMatchObject({
    state: 'no-data',
    burnRates: [{ value: null }, { value: null }],
    budget: { remaining: null },
  });
});
