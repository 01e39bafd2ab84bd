import { formatFloat, formatFloatExponent, type Labels, type Milliseconds } from '../core/index.ts';
import type { MatrixSeries, QueryResult } from '../promql/index.ts';

/** The `data` and the messages of a query's answer, as Prometheus's HTTP API v1 writes them. */
export function queryResultJson(result: QueryResult): string {
  const messages = [listField('warnings', result.warnings), listField('infos', result.infos)].join('');
  return `{"status":"success","data":{"resultType":"${result.type}","result":${resultJson(result)}}${messages}}`;
}

/** The answer of the endpoints that give a list; the items are JSON already. */
export const listJson = (items: readonly string[], warnings: readonly string[]): string =>
  `{"status":"success","data":[${items.join(',')}]${listField('warnings', warnings)}}`;

/** Any other answer. */
export const successJson = (data: unknown): string => JSON.stringify({ status: 'success', data });

const listField = (name: string, texts: readonly string[]) =>
  texts.length > 0 ? `,"${name}":${JSON.stringify(texts)}` : '';

function resultJson(result: QueryResult): string {
  switch (result.type) {
    case 'scalar':
      return point(result.timestamp, result.value);
    case 'string':
      return `[${result.timestamp / 1000},${JSON.stringify(result.value)}]`;
    case 'vector':
      return `[${result.samples.map(({ labels, timestamp, value }) => `{"metric":${labelsJson(labels)},"value":${point(timestamp, value)}}`).join(',')}]`;
    case 'matrix':
      return `[${result.series.map(matrixSeriesJson).join(',')}]`;
  }
}

function matrixSeriesJson({ labels, timestamps, values }: MatrixSeries): string {
  const points: string[] = [];
  for (let i = 0; i < timestamps.length; i++) points.push(point(timestamps[i]!, values[i]!));
  return `{"metric":${labelsJson(labels)},"values":[${points.join(',')}]}`;
}

export const labelsJson = (labels: Labels): string =>
  `{${[...labels].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;

const point = (timestamp: Milliseconds, value: number) => `[${timestamp / 1000},"${sampleText(value)}"]`;

/** An exponent for the very small and the very large only (Prometheus's util/jsonutil.MarshalFloat). */
export function sampleText(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-6 || size >= 1e21) ? formatFloatExponent(value) : formatFloat(value);
}
