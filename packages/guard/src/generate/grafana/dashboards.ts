import {
  type DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { compareStrings, formatDuration } from '../../core/index.ts';
import type { SloModel } from '../../slo/index.ts';
import { burnWindows } from '../measures.ts';
import { burnRateSeries, SERIES } from '../names.ts';
import { type DashboardSpec, dashboardOf, type PanelSpec, panelOf, toJson } from './panels.ts';
import { BUDGET_COLOURS, coverage, errorRatio, firing, legendOf, STATE_COLOURS } from './queries.ts';

/** Whoever looks chooses the datasource. */
const DATASOURCE = { type: 'prometheus', uid: `\${datasource}` };
const ONE_SLO_UID = 'slo-guard-slo';
const OF_VARIABLES = '{service="$service", slo="$slo"}';

type Model = Pick<SloModel, 'slos'>;

/** Dashboards for any number of SLOs, by what their files are called: all of them, one of them, and their budgets. */
export function dashboardFiles(model: Model): ReadonlyMap<string, string> {
  return new Map([
    ['budget-report.json', budgetReport(model)],
    ['one-slo.json', oneSlo(model)],
    ['overview.json', overview(model)],
  ]);
}

const TO_ONE_SLO = {
  title: 'This SLO',
  url: `/d/${ONE_SLO_UID}?var-service=\${__field.labels.service}&var-slo=\${__field.labels.slo}&\${datasource:queryparam}`,
};

function overview(model: Model): string {
  const legend = legendOf(['{{service}}', '{{slo}}'], groupings(model));
  const longest = [
    ...new Set(model.slos.flatMap(slo => slo.policy.tiers.slice(0, 1).map(tier => tier.longWindow))),
  ];
  return build(
    { uid: 'slo-guard-overview', title: 'SLOs: overview', from: 'now-6h', refresh: '1m' },
    [],
    [
      {
        kind: 'bars',
        title: 'Budget left',
        unit: 'percentunit',
        width: 12,
        height: 12,
        queries: [{ expr: `sort(${SERIES.budgetRemaining})`, legend }],
        thresholds: BUDGET_COLOURS!,
        link: TO_ONE_SLO,
      },
      {
        kind: 'states',
        title: 'Alerts',
        unit: 'none',
        width: 12,
        height: 12,
        queries: [{ expr: firing(''), legend: '{{alertname}}' }],
        thresholds: STATE_COLOURS!,
        link: TO_ONE_SLO,
      },
      {
        kind: 'lines',
        title: 'Burn rates over the long window of the fastest alert',
        unit: 'none',
        width: 24,
        queries: longest
          .sort((a, b) => a - b)
          .map(window => ({ expr: burnRateSeries(window), legend: `${legend} ${formatDuration(window)}` })),
        link: TO_ONE_SLO,
      },
    ],
  );
}

function oneSlo(model: Model): string {
  const groups = groupings(model);
  const windows = [...new Set(model.slos.flatMap(burnWindows))].sort((a, b) => a - b);
  const spec = { uid: ONE_SLO_UID, title: 'SLO', from: 'now-6h', refresh: '1m' };
  return build(spec, sloVariables(), [
    {
      kind: 'number',
      title: 'Objective',
      unit: 'percentunit',
      width: 4,
      height: 5,
      queries: [{ expr: `${SERIES.objective}${OF_VARIABLES}`, legend: '' }],
    },
    {
      kind: 'number',
      title: 'Budget left',
      unit: 'percentunit',
      width: 10,
      height: 5,
      queries: [{ expr: `${SERIES.budgetRemaining}${OF_VARIABLES}`, legend: legendOf([], groups) }],
      thresholds: BUDGET_COLOURS!,
    },
    {
      kind: 'number',
      title: 'Share of the window that the budget has seen',
      unit: 'percentunit',
      width: 10,
      height: 5,
      queries: [{ expr: coverage(OF_VARIABLES), legend: legendOf([], groups) }],
    },
    {
      kind: 'lines',
      title: 'Burn rates, and the thresholds of alerts',
      unit: 'none',
      width: 12,
      queries: [
        ...windows.map(window => ({
          expr: `${burnRateSeries(window)}${OF_VARIABLES}`,
          legend: legendOf([formatDuration(window)], groups),
        })),
        { expr: `${SERIES.threshold}${OF_VARIABLES}`, legend: '{{alertname}}' },
      ],
    },
    {
      kind: 'lines',
      title: 'Error ratio',
      unit: 'percentunit',
      width: 12,
      queries: [
        { expr: errorRatio(OF_VARIABLES), legend: legendOf(['last 5m'], groups) },
        { expr: `1 - ${SERIES.objective}${OF_VARIABLES}`, legend: 'allowed' },
      ],
    },
    {
      kind: 'lines',
      title: 'Events a second',
      unit: 'none',
      width: 12,
      queries: [
        { expr: `${SERIES.total}${OF_VARIABLES}`, legend: legendOf(['all'], groups) },
        { expr: `${SERIES.errors}${OF_VARIABLES}`, legend: legendOf(['bad'], groups) },
      ],
    },
    {
      kind: 'states',
      title: 'Alerts',
      unit: 'none',
      width: 12,
      queries: [{ expr: firing(OF_VARIABLES), legend: '{{alertname}}' }],
      thresholds: STATE_COLOURS!,
    },
  ]);
}

function budgetReport(model: Model): string {
  const legend = legendOf(['{{service}}', '{{slo}}'], groupings(model));
  const ofInfo = `* on (service, slo) group_left (owner, window) ${SERIES.info}`;
  return build(
    { uid: 'slo-guard-budget', title: 'SLOs: budget report', from: 'now-30d', refresh: '5m' },
    [],
    [
      {
        kind: 'table',
        title: 'Budgets',
        unit: 'percentunit',
        width: 24,
        height: 10,
        description: 'Left, objective, and how much of the window has been seen.',
        queries: [
          { expr: `${SERIES.budgetRemaining} ${ofInfo}`, legend: 'left' },
          { expr: SERIES.objective, legend: 'objective' },
          { expr: coverage(''), legend: 'seen' },
        ],
        thresholds: BUDGET_COLOURS!,
      },
      {
        kind: 'lines',
        title: 'Budget left',
        unit: 'percentunit',
        width: 24,
        height: 12,
        queries: [{ expr: SERIES.budgetRemaining, legend }],
        link: TO_ONE_SLO,
      },
    ],
  );
}

const groupings = ({ slos }: Model) =>
  [...new Set(slos.flatMap(({ grouping }) => grouping))].sort(compareStrings);

function build(
  spec: DashboardSpec,
  variables: readonly QueryVariableBuilder[],
  panels: readonly PanelSpec[],
): string {
  const dashboard: DashboardBuilder = dashboardOf(spec).withVariable(
    new DatasourceVariableBuilder('datasource').label('Datasource').type('prometheus'),
  );
  for (const variable of variables) dashboard.withVariable(variable);
  for (const [i, panel] of panels.entries()) dashboard.withPanel(panelOf(panel, i + 1, DATASOURCE));
  return toJson(dashboard);
}

const sloVariables = () => [
  variable('service', `label_values(${SERIES.objective}, service)`),
  variable('slo', `label_values(${SERIES.objective}{service="$service"}, slo)`),
];

const variable = (name: string, query: string) =>
  new QueryVariableBuilder(name)
    .query(query)
    .datasource(DATASOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged);
