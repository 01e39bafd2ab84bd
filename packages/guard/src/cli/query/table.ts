import stringWidth from 'string-width';
import { formatFloat, type Labels } from '../../core/index.ts';
import { alignColumns, printable } from '../columns.ts';
import type { QueryData, ResultSeries } from '../prometheus/query-result.ts';
import { formatTime, type WallClock } from '../wall-clock.ts';
import { factoredLabels, labelNames } from './label-names.ts';

export interface TableOptions {
  /** Columns that lines may take; where labels of their own columns do not fit, series are written as selectors. */
  readonly width: number;
  readonly wallClock: WallClock;
}

/** A query's result as lines of aligned text. */
export function tableOf(data: QueryData, { width, wallClock }: TableOptions): string[] {
  switch (data.type) {
    case 'scalar':
      return [formatNumber(data.value)];
    case 'string':
      return [data.value];
    case 'vector':
      return vectorTable(data.series, width);
    case 'matrix':
      return data.series.flatMap(series => matrixBlock(series, wallClock));
  }
}

/** Label sets as lines, with a column for each label where they fit. */
export const labelSetTable = (sets: readonly Labels[], width: number): string[] =>
  labelledTable(sets, undefined, width);

const vectorTable = (series: readonly ResultSeries[], width: number): string[] =>
  labelledTable(
    series.map(({ labels }) => labels),
    series.map(({ values }) => formatNumber(values[0]!)),
    width,
  );

/**
 * A column for each label. Where these are too wide, what all sets share goes to a heading; where that does not help
 * either, selectors come after the values, so that a terminal may break them.
 */
function labelledTable(
  sets: readonly Labels[],
  values: readonly string[] | undefined,
  width: number,
): string[] {
  if (sets.length === 0) return [];
  const fits = (lines: readonly string[]) => lines.every(line => stringWidth(line) <= width);
  const whole = columnTable(sets, values);
  if (fits(whole)) return whole;
  const { common, own } = factoredLabels(sets);
  const heading = common === undefined ? [] : [`all: ${printable(common.toString())}`];
  const short = columnTable(own, values);
  if (fits(short)) return [...heading, ...short];
  const rows = own.map((labels, i) => [...(values ? [values[i]!] : []), printable(labels.toString())]);
  return [...heading, ...alignColumns(rows, values ? ['right', 'left'] : ['left'])];
}

function columnTable(sets: readonly Labels[], values: readonly string[] | undefined): string[] {
  const names = labelNames(sets);
  const rows = sets.map((labels, i) => [
    ...names.map(name => printable(labels.get(name))),
    ...(values ? [values[i]!] : []),
  ]);
  const alignments = [...names.map(() => 'left' as const), ...(values ? (['right'] as const) : [])];
  return names.length === 0
    ? rows.map(row => row.join(''))
    : alignColumns([[...names.map(printable), ...(values ? ['value'] : [])], ...rows], alignments);
}

function matrixBlock({ labels, timestamps, values }: ResultSeries, wallClock: WallClock): string[] {
  const rows = timestamps.map((time, i) => [formatTime(wallClock, time), formatNumber(values[i]!)]);
  return [printable(labels.toString()), ...alignColumns(rows, ['left', 'right']).map(line => `  ${line}`)];
}

/** All digits; an exponent only for the very small and the very large. */
export const formatNumber = (value: number): string =>
  Number.isFinite(value) && !Object.is(value, -0) ? String(value) : formatFloat(value);
