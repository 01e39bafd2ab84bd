import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Slo, SloModel } from '../../slo/index.ts';
import { DATASOURCE_UID, identity, SERIES } from '../names.ts';
import { dashboardOf, type PanelSpec, panelOf, toJson } from './panels.ts';
import {
  BUDGET_COLOURS,
  burnColours,
  burnQueries,
  countedQuery,
  coverage,
  errorRatio,
  firing,
  legendOf,
  STATE_COLOURS,
} from './queries.ts';

/**
 * One row an objective: request rate with exemplars, error ratio, burn rates with their thresholds, alerts and budget.
 * For a Grafana whose datasource has the uid `DATASOURCE_UID`.
 */
export function dashboardJson({ slos }: Pick<SloModel, 'slos'>): string {
  const datasource = { type: 'prometheus', uid: DATASOURCE_UID };
  const dashboard = dashboardOf({
    uid: 'slo-guard',
    title: 'Service level objectives',
    from: 'now-1h',
    refresh: '5s',
  });
  let id = 0;
  for (const slo of slos) {
    dashboard.withRow(new RowBuilder(slo.displayName).id(++id));
    for (const spec of panelsOf(slo)) dashboard.withPanel(panelOf(spec, ++id, datasource));
  }
  return toJson(dashboard);
}

/** What one SLO is shown by. */
export function panelsOf(slo: Slo): PanelSpec[] {
  const own = identity(slo);
  const groups = slo.grouping;
  return [
    {
      kind: 'lines',
      title: 'Requests',
      unit: 'reqps',
      width: 5,
      description: 'Dots are exemplars: click one to open its trace.',
      queries: [countedQuery(slo), { expr: `${SERIES.errors}${own}`, legend: legendOf(['bad'], groups) }],
    },
    {
      kind: 'lines',
      title: 'Error ratio',
      unit: 'percentunit',
      width: 5,
      queries: [
        { expr: errorRatio(own), legend: legendOf(['last 5m'], groups) },
        { expr: `1 - ${SERIES.objective}${own}`, legend: 'allowed' },
      ],
    },
    {
      kind: 'lines',
      title: 'Burn rate',
      unit: 'none',
      width: 6,
      queries: burnQueries(slo),
      thresholds: burnColours(slo)!,
    },
    {
      kind: 'states',
      title: 'Alerts',
      unit: 'none',
      width: 4,
      queries: [{ expr: firing(own), legend: '{{alertname}}' }],
      thresholds: STATE_COLOURS!,
    },
    {
      kind: 'number',
      title: 'Budget: left, and share of its window seen',
      unit: 'percentunit',
      width: 4,
      queries: [
        { expr: `${SERIES.budgetRemaining}${own}`, legend: legendOf(['left'], groups) },
        { expr: coverage(own), legend: legendOf(['seen'], groups) },
      ],
      thresholds: BUDGET_COLOURS!,
    },
  ];
}
