import { UserError } from '../../core/index.ts';
import type { Format, Unit } from '../choices.ts';
import { printable } from '../columns.ts';
import type { ApiAnswer } from '../prometheus/api-answer.ts';
import { decodeLabelSets, decodeQueryData, decodeTexts, type QueryData } from '../prometheus/query-result.ts';
import type { Terminal } from '../terminal.ts';
import type { WallClock } from '../wall-clock.ts';
import { csvLines, csvOf, labelSetCsv } from './csv.ts';
import { plotAnswer } from './plot-answer.ts';
import type { QueryRequest } from './request.ts';
import { labelSetTable, tableOf } from './table.ts';

export interface RenderOptions {
  /** By default a plot for a range, a table otherwise. */
  readonly format: Format | undefined;
  /** Of plots; by default as large as the terminal allows. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly unit: Unit;
  readonly terminal: Terminal;
  readonly wallClock: WallClock;
}

/** An answer for people. */
export interface Rendered {
  readonly lines: readonly string[];
  /** Whether the server found nothing. */
  readonly isEmpty: boolean;
  /** What is not in the lines. */
  readonly notes: readonly string[];
}

/** The width of a plot that goes to no terminal. */
const PIPE_WIDTH = 80;
const PIPE_HEIGHT = 15;
/** Rows beside the plot's area: axis, times, dates, legend's head, range, prompt. */
const OTHER_ROWS = 7;
const GREATEST_HEIGHT = 24;

export const plotWidth = ({ width, terminal }: Pick<RenderOptions, 'width' | 'terminal'>): number =>
  width ?? terminal.columns ?? PIPE_WIDTH;

/** @throws UserError `prometheus-bad-answer`, `bad-option` for a format that the answer does not have */
export function renderAnswer(request: QueryRequest, answer: ApiAnswer, options: RenderOptions): Rendered {
  if (options.format === 'json')
    return { lines: [answer.text.trimEnd()], isEmpty: isEmptyData(answer.data), notes: [] };
  const rendered = request.kind === 'instant' || request.kind === 'range' ? renderQuery : renderList;
  return rendered(request as never, answer.data, options);
}

function renderQuery(
  request: Extract<QueryRequest, { kind: 'instant' | 'range' }>,
  data: unknown,
  options: RenderOptions,
): Rendered {
  const result = decodeQueryData(data);
  const notes =
    'histograms' in result && result.histograms > 0
      ? [`${result.histograms} samples of native histograms are not shown; --format json has them`]
      : [];
  const isEmpty = 'series' in result && result.series.length === 0;
  if (isEmpty) return { lines: [], isEmpty: notes.length === 0, notes };
  const format = options.format ?? (request.kind === 'range' ? 'plot' : 'table');
  const plotted = format === 'plot' ? plotOf(request, result, options) : undefined;
  if (plotted) return { ...plotted, isEmpty, notes: [...notes, ...plotted.notes] };
  const { terminal, wallClock } = options;
  const width = options.width ?? terminal.columns ?? Number.POSITIVE_INFINITY;
  return { lines: format === 'csv' ? csvOf(result) : tableOf(result, { width, wallClock }), isEmpty, notes };
}

function plotOf(
  request: Extract<QueryRequest, { kind: 'instant' | 'range' }>,
  result: QueryData,
  { terminal, height, wallClock, unit, ...options }: RenderOptions,
): { lines: string[]; notes: string[] } {
  if (request.kind !== 'range' || result.type !== 'matrix')
    throw new UserError('bad-option', 'a plot needs a range', {
      remedy: 'give --since 1h, or --start and --end',
    });
  const free = terminal.rows === undefined ? PIPE_HEIGHT : terminal.rows - OTHER_ROWS - result.series.length;
  return plotAnswer(request.expr, result.series, {
    width: plotWidth({ width: options.width, terminal }),
    height: height ?? Math.min(free, GREATEST_HEIGHT),
    color: terminal.color,
    unit,
    wallClock,
    start: request.start,
    end: request.end,
    step: request.step,
  });
}

function renderList(request: QueryRequest, data: unknown, options: RenderOptions): Rendered {
  if (options.format === 'plot') throw new UserError('bad-option', 'lists have no plot');
  if (request.kind === 'series') {
    const sets = decodeLabelSets(data);
    const width = options.width ?? options.terminal.columns ?? Number.POSITIVE_INFINITY;
    const lines = options.format === 'csv' ? labelSetCsv(sets) : labelSetTable(sets, width);
    return { lines, isEmpty: sets.length === 0, notes: [] };
  }
  const texts = decodeTexts(data);
  const lines = options.format === 'csv' ? csvLines(texts.map(text => [text])) : texts.map(printable);
  return { lines, isEmpty: texts.length === 0, notes: [] };
}

function isEmptyData(data: unknown): boolean {
  const result = Array.isArray(data) ? data : (data as { result?: unknown } | null)?.result;
  return Array.isArray(result) && result.length === 0;
}
