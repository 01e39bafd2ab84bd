import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  type DataSourceRef,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';

/** One query of a panel. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
  /** Shows exemplars, which open their traces. */
  readonly exemplars?: boolean;
}

export interface PanelSpec {
  readonly kind: 'lines' | 'number' | 'bars' | 'states' | 'table';
  readonly title: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Of the 24 columns that a row has. */
  readonly width: number;
  readonly height?: number;
  /** Values at which the colour changes, least first; the first colour holds below the first value. */
  readonly thresholds?: ReadonlyArray<readonly [value: number | null, color: string]>;
  /** Where a click on a value leads. */
  readonly link?: { readonly title: string; readonly url: string };
  readonly description?: string;
}

const HEIGHT = 8;

const legend = () =>
  new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom);

const BUILDERS = {
  lines: TimeSeries,
  number: Stat,
  bars: BarGauge,
  states: StateTimeline,
  table: Table,
} as const;

/** Panels show gaps as gaps: no data is not health. */
export function panelOf(spec: PanelSpec, id: number, datasource: DataSourceRef): Builder<Panel> {
  const isInstant = spec.kind !== 'lines' && spec.kind !== 'states';
  const panel = new BUILDERS[spec.kind]()
    .id(id)
    .title(spec.title)
    .datasource(datasource)
    .unit(spec.unit)
    .span(spec.width)
    .height(spec.height ?? HEIGHT);
  if (spec.description !== undefined) panel.description(spec.description);
  if (spec.link) panel.dataLinks([new DashboardLinkBuilder(spec.link.title).url(spec.link.url)]);
  if (spec.thresholds) {
    const steps = spec.thresholds.map(([value, color]) => ({ value, color }));
    panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
    if (panel instanceof TimeSeries) {
      panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Line));
    }
  }
  if (panel instanceof TimeSeries) panel.spanNulls(false);
  if (panel instanceof TimeSeries || panel instanceof StateTimeline) panel.legend(legend());
  if (panel instanceof Table) panel.withTransformation({ id: 'merge', options: {} });
  for (const [i, query] of spec.queries.entries()) {
    const target = new DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + i))
      .datasource(datasource)
      .expr(query.expr)
      .legendFormat(query.legend);
    if (query.exemplars) target.exemplar(true);
    if (isInstant) target.instant();
    else target.range();
    if (spec.kind === 'table') target.format(PromQueryFormat.Table);
    panel.withTarget(target);
  }
  return panel;
}

export interface DashboardSpec {
  readonly uid: string;
  readonly title: string;
  readonly from: string;
  readonly refresh: string;
}

/** A dashboard that is changed by generating it anew, and not in Grafana. */
export const dashboardOf = ({ uid, title, from, refresh }: DashboardSpec): DashboardBuilder =>
  new DashboardBuilder(title)
    .uid(uid)
    .tags(['slo'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh(refresh)
    .time({ from, to: 'now' })
    .timezone('browser');

export const toJson = (dashboard: DashboardBuilder): string =>
  `${JSON.stringify(dashboard.build(), null, 2)}\n`;
