import type uPlot from 'uplot';
import { formatBurn } from '../format/numbers.ts';
import { formatClock } from '../format/time.ts';
import { burnTicks, FLOOR, LINEAR_BELOW } from './burn-scale.ts';
import { isolatedPoints } from './isolated.ts';
import { lineStyle } from './windows.ts';

/** What a burn chart is drawn from; the functions are asked again at each redraw. */
export interface BurnChartSource {
  width: number;
  height: number;
  shown: readonly string[];
  windows: readonly string[];
  scheme: 'light' | 'dark';
  range: () => [number, number];
  ceiling: () => number;
  onDraw: (chart: uPlot) => void;
  onPoint: (index: number | null) => void;
}

const FONT = '11px system-ui, sans-serif';
const INK = { light: '#5c636a', dark: '#a6adb4' };
const GRID = { light: '#e9ecef', dark: '#34373b' };
const MINUTE_MS = 60_000;
/** uPlot's name for an inverse hyperbolic sine scale. */
const ARCSINH = 4;

/** The uPlot options of a burn chart. All charts of a page share one cursor. */
export function burnChartOptions(source: BurnChartSource): uPlot.Options {
  const axis = { font: FONT, stroke: INK[source.scheme], ticks: { show: false } };
  const grid = { stroke: GRID[source.scheme], width: 1 };
  return {
    width: source.width,
    height: source.height,
    ms: 1,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'burn' }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: source.range },
      y: { distr: ARCSINH, asinh: LINEAR_BELOW, range: () => [FLOOR, source.ceiling()] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64, size: 26, values: timeLabels },
      {
        ...axis,
        grid,
        size: 46,
        gap: 4,
        splits: () => burnTicks(source.ceiling()),
        filter: (_chart, splits) => splits,
        values: (_chart, splits) => splits.map(formatBurn),
      },
    ],
    series: [{}, ...source.shown.map((window, place) => seriesOf(source, window, place))],
    hooks: {
      draw: [source.onDraw],
      setCursor: [chart => source.onPoint(chart.cursor.idx ?? null)],
    },
  };
}

/** The first line is the fastest to move and gets a tint below it. */
function seriesOf({ windows, scheme }: BurnChartSource, window: string, place: number): uPlot.Series {
  const style = lineStyle(windows, window);
  const stroke = style[scheme];
  return {
    label: window,
    stroke,
    dash: style.dash,
    width: 2,
    spanGaps: false,
    points: {
      show: false,
      size: 5,
      fill: stroke,
      filter: (chart, series) => {
        const lone = isolatedPoints(chart.data[series] ?? []);
        return lone.length > 0 ? lone : null;
      },
    },
    ...(place === 0 ? { fill: `${stroke}22` } : {}),
  };
}

function timeLabels(_chart: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] {
  return splits.map(instant => formatClock(instant, step < MINUTE_MS));
}
