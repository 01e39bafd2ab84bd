import { formatDuration, type Milliseconds } from '../../core/index.ts';
import type { Unit } from '../choices.ts';
import { printable } from '../columns.ts';
import { MAX_SERIES } from '../plot/palette.ts';
import { renderPlot } from '../plot/plot.ts';
import type { ResultSeries } from '../prometheus/query-result.ts';
import { formatTime, type WallClock } from '../wall-clock.ts';
import { factoredLabels } from './label-names.ts';

export interface PlotAnswerOptions {
  readonly width: number;
  readonly height: number;
  readonly color: boolean;
  readonly unit: Unit;
  readonly wallClock: WallClock;
  readonly start: Milliseconds;
  readonly end: Milliseconds;
  readonly step: Milliseconds;
}

/** A range query's result as a plot; `notes` tell what is not in it. */
export function plotAnswer(
  expr: string,
  series: readonly ResultSeries[],
  { start, end, step, ...options }: PlotAnswerOptions,
): { lines: string[]; notes: string[] } {
  const shown = series.slice(0, MAX_SERIES);
  const { common, own } = factoredLabels(shown.map(({ labels }) => labels));
  const plotted = shown.map(({ timestamps, values }, i) => ({
    name: printable(own[i]!.size === 0 ? expr : own[i]!.toString()),
    timestamps,
    values,
  }));
  const lines = renderPlot(plotted, { ...options, from: start, to: end, step });
  const heading = common === undefined ? [] : [`all: ${printable(common.toString())}`];
  const { wallClock } = options;
  const range = `${formatTime(wallClock, start)} to ${formatTime(wallClock, end)} ${wallClock.zone}`;
  return {
    lines: [...heading, ...lines, `${range}, step ${formatDuration(step)}`],
    notes: notesOf(series, shown.length),
  };
}

function notesOf(series: readonly ResultSeries[], shown: number): string[] {
  const infinite = series
    .flatMap(({ values }) => values)
    .filter(value => Math.abs(value) === Infinity).length;
  return [
    ...(shown < series.length
      ? [`${shown} of ${series.length} series are plotted; topk(${MAX_SERIES}, …) chooses the greatest`]
      : []),
    ...(infinite > 0 ? [`${infinite} infinite values leave gaps`] : []),
  ];
}
