import { formatDuration } from '../../core/index.ts';
import type { Slo } from '../../slo/index.ts';
import { totalRate } from '../event-rates.ts';
import { burnWindows, RATE_WINDOW } from '../measures.ts';
import { burnRateSeries, identity, SERIES } from '../names.ts';
import type { PanelSpec, Query } from './panels.ts';

/** The braces that select what a panel shows: one SLO, those of a dashboard's variables, or all. */
export type Selection = string;

/** The share of events that are bad. */
export const errorRatio = (of: Selection): string => `${SERIES.errors}${of} / (${SERIES.total}${of} > 0)`;

/** How much of the SLO's window has samples. */
export const coverage = (of: Selection): string =>
  `${SERIES.budgetCoverage}${of} / on (service, slo) group_left () ${SERIES.window}${of}`;

/** 1 for each alert that fires, 0 for each that could. */
export function firing(of: Selection): string {
  const state = 'alertstate="firing"';
  const active = of === '' ? `ALERTS{${state}, slo!=""}` : `ALERTS${of.replace(/\}$/, `, ${state}}`)}`;
  const sum = 'sum by (service, slo, alertname, severity)';
  return `${sum} (${active}) or 0 * ${sum} (${SERIES.threshold}${of})`;
}

/** Green while the budget is whole, red once it is spent. */
export const BUDGET_COLOURS: PanelSpec['thresholds'] = [
  [null, 'red'],
  [0, 'orange'],
  [0.25, 'yellow'],
  [0.5, 'green'],
];

export const STATE_COLOURS: PanelSpec['thresholds'] = [
  [null, 'green'],
  [1, 'red'],
];

/** The burn rates at which a policy's alerts fire, as lines. */
export function burnColours({ policy }: Pick<Slo, 'policy'>): PanelSpec['thresholds'] {
  const burns = [...new Set(policy.tiers.map(({ burn }) => burn))].sort((a, b) => a - b);
  const last = burns.length - 1;
  return [[null, 'green'], ...burns.map((burn, i) => [burn, i === last ? 'red' : 'orange'] as const)];
}

export const burnQueries = (slo: Slo): Query[] =>
  burnWindows(slo).map(window => ({
    expr: `${burnRateSeries(window)}${identity(slo)}`,
    legend: legendOf([formatDuration(window)], slo.grouping),
  }));

/** What the SLO counts, from its own counters: their exemplars are those of its events. */
export const countedQuery = (slo: Slo): Query => ({
  expr: totalRate(slo, { window: RATE_WINDOW, step: RATE_WINDOW }),
  legend: legendOf(['all'], slo.grouping),
  exemplars: true,
});

/** A legend with the labels that tell the series of a panel apart. */
export const legendOf = (texts: readonly string[], labels: readonly string[] = []): string =>
  [...texts, ...labels.map(label => `{{${label}}}`)].join(' ');
