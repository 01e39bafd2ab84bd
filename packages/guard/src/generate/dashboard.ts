import { formatDuration } from '../core/index.ts';
import { type Slo, type SloModel, windowsOf } from '../slo/index.ts';
import { burnRateSeries, SERIES } from './names.ts';

/** The uid under which the datasource is provisioned, and by which panels name it. */
export const DATASOURCE_UID = 'prometheus';
const DASHBOARD_UID = 'slo-guard';

interface Target {
  readonly expr: string;
  readonly legend: string;
}

interface PanelSpec {
  readonly type: 'timeseries' | 'stat';
  readonly title: string;
  readonly unit: string;
  readonly targets: readonly Target[];
  readonly width: number;
  /** Values at which the colour changes, least first; the first colour holds below the first value. */
  readonly thresholds?: readonly (readonly [value: number | null, color: string])[];
}

/** Grafana's grid is 24 columns wide. */
const HEIGHT = 8;
/** The dashboard model of Grafana 12; later ones migrate it when they load it. */
const SCHEMA_VERSION = 41;

/** One row an objective: request rate, error ratio, burn rates with their thresholds, and the budget. */
export function dashboardJson({ slos }: SloModel): string {
  let id = 0;
  const panels = slos.flatMap((slo, row) => {
    const y = row * (HEIGHT + 1);
    let x = 0;
    const header = {
      id: ++id,
      type: 'row',
      title: slo.displayName,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: 24, h: 1 },
    };
    const specs = panelsOf(slo).map(spec => {
      const gridPos = { x, y: y + 1, w: spec.width, h: HEIGHT };
      x += spec.width;
      return panelJson(++id, spec, gridPos);
    });
    return [header, ...specs];
  });
  const dashboard = {
    uid: DASHBOARD_UID,
    title: 'Service level objectives',
    tags: ['slo'],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    refresh: '5s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    graphTooltip: 1,
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function panelsOf(slo: Slo): PanelSpec[] {
  const own = `{service="${slo.service}", slo="${slo.name}"}`;
  const lines = slo.policy.tiers.map(({ burn }) => burn).sort((a, b) => a - b);
  return [
    {
      type: 'timeseries',
      title: 'Requests',
      unit: 'reqps',
      width: 5,
      targets: [
        { expr: `${SERIES.total}${own}`, legend: 'all' },
        { expr: `${SERIES.errors}${own}`, legend: 'bad' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Error ratio',
      unit: 'percentunit',
      width: 5,
      targets: [
        { expr: `${SERIES.errors}${own} / (${SERIES.total}${own} > 0)`, legend: 'last 5m' },
        { expr: `1 - ${SERIES.objective}${own}`, legend: 'allowed' },
      ],
    },
    {
      type: 'timeseries',
      title: 'Burn rate',
      unit: 'none',
      width: 9,
      targets: windowsOf(slo.policy).map(window => ({
        expr: `${burnRateSeries(window)}${own}`,
        legend: formatDuration(window),
      })),
      thresholds: [
        [null, 'green'],
        ...lines.map((burn, i) => [burn, i === lines.length - 1 ? 'red' : 'orange'] as const),
      ],
    },
    {
      type: 'stat',
      title: 'Budget: left, and share of its window seen',
      unit: 'percentunit',
      width: 5,
      targets: [
        { expr: `${SERIES.budgetRemaining}${own}`, legend: 'left' },
        {
          expr: `${SERIES.budgetCoverage}${own} / on (service, slo) ${SERIES.window}${own}`,
          legend: 'covered',
        },
      ],
    },
  ];
}

type GridPosition = Record<'x' | 'y' | 'w' | 'h', number>;

function panelJson(id: number, spec: PanelSpec, gridPos: GridPosition) {
  const datasource = { type: 'prometheus', uid: DATASOURCE_UID };
  const steps = (spec.thresholds ?? [[null, 'green']]).map(([value, color]) => ({ value, color }));
  return {
    id,
    type: spec.type,
    title: spec.title,
    datasource,
    gridPos,
    targets: spec.targets.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      datasource,
      expr,
      legendFormat: legend,
    })),
    fieldConfig: {
      defaults: {
        unit: spec.unit,
        thresholds: { mode: 'absolute', steps },
        // Gaps stay gaps: no data is not health.
        custom:
          spec.type === 'timeseries'
            ? { spanNulls: false, thresholdsStyle: { mode: spec.thresholds ? 'line' : 'off' } }
            : {},
      },
      overrides: [],
    },
    options: {},
  };
}
