import stringWidth from 'string-width';
import type { Milliseconds } from '../../core/index.ts';
import type { Unit } from '../choices.ts';
import type { WallClock } from '../wall-clock.ts';
import { type Canvas, createCanvas } from './canvas.ts';
import { legend } from './legend.ts';
import { createPalette, MARKS, type Palette } from './palette.ts';
import { type TimeTick, timeTicks } from './time-axis.ts';
import { type ValueAxis, valueAxis } from './value-axis.ts';

/** Points ascending in time. Values that are not finite leave a gap. */
export interface PlotSeries {
  readonly name: string;
  readonly timestamps: readonly Milliseconds[];
  readonly values: readonly number[];
}

export interface PlotOptions {
  /** Of the whole picture, in columns; 40 is the least that is drawn. */
  readonly width: number;
  /** Of the area between the axes, in rows; 3 is the least that is drawn. */
  readonly height: number;
  /** Whether colours tell the series apart; marks do otherwise. */
  readonly color: boolean;
  readonly unit: Unit;
  readonly wallClock: WallClock;
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  /** Neighbours further apart than one and a half of it are not joined. */
  readonly step: Milliseconds;
}

const LEAST_WIDTH = 40;
const LEAST_HEIGHT = 3;
const ROWS_PER_TICK = 3;

/** Lines of text: the plot, its axes, and a legend with the last, the least and the greatest value of each series. */
export function renderPlot(series: readonly PlotSeries[], options: PlotOptions): string[] {
  const width = Math.max(LEAST_WIDTH, options.width);
  const height = Math.max(LEAST_HEIGHT, options.height);
  const marks = options.color || series.length === 1 ? undefined : MARKS;
  const palette = createPalette(options.color);
  const axis = axisOf(series, height, options.unit);
  const margin = Math.max(...axis.ticks.map(({ label }) => stringWidth(label))) + 2;
  const columns = width - margin;
  const canvas = createCanvas(columns, height, marks);
  const ticks = timeTicks(options.from, options.to, columns, options.wallClock);
  series.forEach((one, ink) => {
    draw(canvas, one, ink, axis, options);
  });
  return [
    ...framed(canvas, axis, margin, palette),
    ...timeAxisRows(ticks, columns, options).map(row => palette.dim(' '.repeat(margin - 1) + row)),
    ...legend(series, { width, unit: options.unit, palette, marks }),
  ];
}

function axisOf(series: readonly PlotSeries[], height: number, unit: Unit): ValueAxis {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of series.flatMap(({ values }) => values)) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return min > max ? valueAxis(0, 1, 1, unit) : valueAxis(min, max, height / ROWS_PER_TICK, unit);
}

function draw(
  canvas: Canvas,
  one: PlotSeries,
  ink: number,
  axis: ValueAxis,
  { from, to, step }: PlotOptions,
) {
  const across = (time: Milliseconds) =>
    to === from ? 0 : Math.round(((time - from) / (to - from)) * (canvas.dotsAcross - 1));
  const up = (value: number) =>
    Math.round(((value - axis.min) / (axis.max - axis.min)) * (canvas.dotsUp - 1));
  let last: { time: Milliseconds; x: number; y: number } | undefined;
  for (const [i, value] of one.values.entries()) {
    const time = one.timestamps[i]!;
    if (!Number.isFinite(value)) {
      last = undefined;
      continue;
    }
    const point = { time, x: across(time), y: up(value) };
    if (last && time - last.time <= step * 1.5) canvas.line(last.x, last.y, point.x, point.y, ink);
    else canvas.dot(point.x, point.y, ink);
    last = point;
  }
}

/** The canvas with the axis of values at its left. */
function framed(canvas: Canvas, { min, max, ticks }: ValueAxis, margin: number, palette: Palette): string[] {
  const rows = canvas.rows(palette.paint);
  const labels = new Map(
    ticks.map(({ value, label }) => [
      rows.length - 1 - Math.round(((value - min) / (max - min)) * (rows.length - 1)),
      label,
    ]),
  );
  return rows.map((row, i) => {
    const label = labels.get(i);
    const blank = ' '.repeat(margin - 1 - stringWidth(label ?? ''));
    return `${palette.dim(`${blank.slice(1)}${label ?? ''} ${label === undefined ? '│' : '┤'}`)}${row}`;
  });
}

/** The axis itself, the labels, and where there are any, their contexts. */
function timeAxisRows(ticks: readonly TimeTick[], columns: number, { from, to }: PlotOptions): string[] {
  const column = ({ time }: TimeTick) =>
    to === from ? 0 : Math.round(((time - from) / (to - from)) * (columns - 1));
  const axis = Array.from({ length: columns }, () => '─');
  for (const tick of ticks) axis[column(tick)] = '┬';
  const place = (texts: ReadonlyArray<readonly [number, string]>) =>
    texts.reduce((row, [at, text]) => {
      const start = Math.max(0, Math.min(at + 1 - Math.floor(text.length / 2), columns + 1 - text.length));
      return row.length > start ? row : row.padEnd(start) + text;
    }, '');
  return [
    `└${axis.join('')}`,
    place(ticks.map(tick => [column(tick), tick.label])),
    place(ticks.flatMap(tick => (tick.context === undefined ? [] : [[column(tick), tick.context] as const]))),
  ].filter(row => row !== '');
}
