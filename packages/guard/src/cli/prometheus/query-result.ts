import { Labels, type Milliseconds, parseFloatText, UserError } from '../../core/index.ts';

/** Points of one series, ascending in time. */
export interface ResultSeries {
  readonly labels: Labels;
  readonly timestamps: readonly Milliseconds[];
  readonly values: readonly number[];
}

/** The `data` of a query's answer. A vector is told as series of one point. */
export type QueryData =
  | {
      readonly type: 'vector' | 'matrix';
      readonly series: readonly ResultSeries[];
      readonly histograms: number;
    }
  | { readonly type: 'scalar'; readonly timestamp: Milliseconds; readonly value: number }
  | { readonly type: 'string'; readonly timestamp: Milliseconds; readonly value: string };

/**
 * Reads the `data` of `/api/v1/query` and `/api/v1/query_range`. Samples of native histograms are counted, not read.
 *
 * @throws UserError `prometheus-bad-answer`
 */
export function decodeQueryData(data: unknown): QueryData {
  const { resultType, result } = record(data);
  switch (resultType) {
    case 'vector':
    case 'matrix': {
      const items = list(result).map(record);
      const histograms = items.reduce((sum, item) => sum + histogramsIn(item), 0);
      return { type: resultType, series: items.map(seriesOf).filter(hasPoints), histograms };
    }
    case 'scalar':
      return { type: 'scalar', ...pointOf(result) };
    case 'string': {
      const [timestamp, value] = list(result);
      return { type: 'string', timestamp: timeOf(timestamp), value: text(value) };
    }
    default:
      throw bad(`the result type ${JSON.stringify(resultType)}`);
  }
}

/** Reads the `data` of `/api/v1/series`. @throws UserError `prometheus-bad-answer` */
export const decodeLabelSets = (data: unknown): Labels[] => list(data).map(labelsOf);

/** Reads the `data` of `/api/v1/labels` and `/api/v1/label/<name>/values`. @throws UserError `prometheus-bad-answer` */
export const decodeTexts = (data: unknown): string[] => list(data).map(text);

function seriesOf(item: Record<string, unknown>): ResultSeries {
  const points = (item.value === undefined ? list(item.values ?? []) : [item.value]).map(pointOf);
  return {
    labels: labelsOf(item.metric),
    timestamps: points.map(({ timestamp }) => timestamp),
    values: points.map(({ value }) => value),
  };
}

const hasPoints = ({ values }: ResultSeries) => values.length > 0;

const histogramsIn = ({ histogram, histograms }: Record<string, unknown>): number =>
  (histogram === undefined ? 0 : 1) + (Array.isArray(histograms) ? histograms.length : 0);

function pointOf(point: unknown): { timestamp: Milliseconds; value: number } {
  const [timestamp, value] = list(point);
  const number = parseFloatText(text(value));
  if (number === undefined) throw bad(`the value ${JSON.stringify(value)}`);
  return { timestamp: timeOf(timestamp), value: number };
}

function timeOf(seconds: unknown): Milliseconds {
  if (typeof seconds !== 'number') throw bad(`the time ${JSON.stringify(seconds)}`);
  return Math.round(seconds * 1000);
}

const labelsOf = (value: unknown): Labels =>
  Labels.of(Object.entries(record(value)).map(([name, label]) => [name, text(label)] as const));

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw bad(shown(value));
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(shown(value));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw bad(shown(value));
}

const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 100);

const bad = (what: string): UserError =>
  new UserError(
    'prometheus-bad-answer',
    `the server's answer holds what Prometheus's API does not: ${what}`,
    {
      remedy: 'is there a Prometheus at the address?',
    },
  );
