import type { Labels } from '../../core/index.ts';
import type { QueryData, ResultSeries } from '../prometheus/query-result.ts';
import { labelNames } from './label-names.ts';
import { formatNumber } from './table.ts';

/** A query's result as lines of CSV (RFC 4180): the labels, the time in RFC 3339, the value; a line for each sample. */
export function csvOf(data: QueryData): string[] {
  switch (data.type) {
    case 'scalar':
      return csvLines([
        ['timestamp', 'value'],
        [isoTime(data.timestamp), formatNumber(data.value)],
      ]);
    case 'string':
      return csvLines([
        ['timestamp', 'value'],
        [isoTime(data.timestamp), data.value],
      ]);
    case 'vector':
    case 'matrix': {
      const names = labelNames(data.series.map(({ labels }) => labels));
      const rows = data.series.flatMap(series => samplesOf(series, names));
      return csvLines([[...names, 'timestamp', 'value'], ...rows]);
    }
  }
}

/** Label sets as CSV, a column for each label. */
export function labelSetCsv(sets: readonly Labels[]): string[] {
  const names = labelNames(sets);
  return csvLines([names, ...sets.map(labels => names.map(name => labels.get(name)))]);
}

/** Rows as CSV. */
export const csvLines = (rows: ReadonlyArray<readonly string[]>): string[] =>
  rows.map(row => row.map(quoted).join(','));

const samplesOf = ({ labels, timestamps, values }: ResultSeries, names: readonly string[]): string[][] =>
  timestamps.map((time, i) => [
    ...names.map(name => labels.get(name)),
    isoTime(time),
    formatNumber(values[i]!),
  ]);

const isoTime = (time: number) => new Date(time).toISOString();

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
