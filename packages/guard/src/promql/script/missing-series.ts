import { type Labels, METRIC_NAME, UserError } from '../../core/index.ts';
import { parseExpr } from '../parse.ts';
import { selectorsOf } from '../walk.ts';
import { labelsOfSeries, parseSeries, type SeriesLine } from './series-line.ts';

/** A series of a script that cannot be loaded, such as native histograms. */
export interface MissingSeries {
  readonly labels: Labels;
  readonly why: string;
}

/** Reads the series of a load; `withHistograms` asks for native histograms made of the classic ones as well. */
export function readSeries(
  lines: readonly string[],
  withHistograms: boolean,
): { readonly series: SeriesLine[]; readonly missing: MissingSeries[] } {
  const series: SeriesLine[] = [];
  const missing: MissingSeries[] = [];
  for (const line of lines) {
    const labels = labelsOfSeries(line);
    if (withHistograms)
      missing.push({ labels: histogramOf(labels), why: 'native histograms are not supported' });
    try {
      series.push(parseSeries(line));
    } catch (error) {
      missing.push({ labels, why: refusalOf(error) });
    }
  }
  return {
    series: series.filter(({ labels }) => !missing.some(each => each.labels.equals(labels))),
    missing,
  };
}

const histogramOf = (labels: Labels): Labels =>
  labels.without(['le']).with({ [METRIC_NAME]: labels.metricName.replace(/_(?:bucket|sum|count)$/, '') });

/** The message of a refusal by name; other errors go on. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof UserError) || error.code !== 'unsupported-series') throw error;
  return error.problems[0]!.message;
}

/** Why a query says nothing about the engine: it selects a series that could not be loaded. */
export function whyMissing(expr: string, missing: readonly MissingSeries[]): string | undefined {
  const selectors = selectorsIn(expr);
  const found = missing.find(({ labels }) =>
    selectors.some(({ selector }) =>
      selector.matchers.every(({ name, matches }) => matches(labels.get(name))),
    ),
  );
  return found?.why;
}

/** What does not parse selects nothing: running it tells what is wrong. */
function selectorsIn(expr: string): ReturnType<typeof selectorsOf> {
  try {
    return selectorsOf(parseExpr(expr));
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
