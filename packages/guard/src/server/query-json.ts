import { formatFloat, formatFloatExponent, type Labels, type Milliseconds } from '../core/index.ts';
import type { MatrixSeries, QueryResult, VectorSample } from '../promql/index.ts';

/** A text in pieces of about `PIECE_LENGTH`; the last one is returned rather than yielded. */
export type TextPieces = Generator<string, string, undefined>;

/** Long enough that handing a piece over costs little beside making it. */
export const PIECE_LENGTH = 256 * 1024;

/** The whole answer for a query's result, as Prometheus's HTTP API v1 writes it, with the statistics that it is given. */
export function* queryResultText(result: QueryResult, stats?: unknown): TextPieces {
  const head = `{"status":"success","data":{"resultType":"${result.type}","result":`;
  const rest = yield* resultText(head, result);
  const statsField = stats === undefined ? '' : `,"stats":${JSON.stringify(stats)}`;
  return `${rest}${statsField}}${listField('warnings', result.warnings)}${listField('infos', result.infos)}}`;
}

/** The answer of the endpoints that give a list; the items are JSON already. */
export function* listText(items: Iterable<string>, warnings: readonly string[]): TextPieces {
  const rest = yield* joined('{"status":"success","data":[', items);
  return `${rest}]${listField('warnings', warnings)}}`;
}

/** Any other answer. */
export const successText = (data: unknown): string => JSON.stringify({ status: 'success', data });

const listField = (name: string, texts: readonly string[]) =>
  texts.length > 0 ? `,"${name}":${JSON.stringify(texts)}` : '';

function resultText(head: string, result: QueryResult): TextPieces {
  switch (result.type) {
    case 'scalar':
      return whole(`${head}[${result.timestamp / 1000},"${formatFloat(result.value)}"]`);
    case 'string':
      return whole(`${head}[${result.timestamp / 1000},${JSON.stringify(result.value)}]`);
    case 'vector':
      return bracketed(head, vectorText(result.samples));
    case 'matrix':
      return matrixText(head, result.series);
  }
}

/** A text that is short, as its only piece. */
// biome-ignore lint/correctness/useYield: the last piece is returned
export function* whole(text: string): TextPieces {
  return text;
}

function* bracketed(head: string, items: Iterable<string>): TextPieces {
  return `${yield* joined(`${head}[`, items)}]`;
}

/** `head` and the items, with commas between these. */
function* joined(head: string, items: Iterable<string>): TextPieces {
  let text = head;
  let separator = '';
  for (const item of items) {
    text += separator + item;
    separator = ',';
    if (text.length < PIECE_LENGTH) continue;
    yield text;
    text = '';
  }
  return text;
}

function* vectorText(samples: readonly VectorSample[]): Iterable<string> {
  for (const { labels, timestamp, value } of samples)
    yield `{"metric":${labelsText(labels)},"value":${point(timestamp, value)}}`;
}

/** Points are written one by one, so that a long series needs no more memory than a piece. */
function* matrixText(head: string, series: readonly MatrixSeries[]): TextPieces {
  const opening = createOpenings();
  let text = `${head}[`;
  let separator = '';
  for (const { labels, timestamps, values } of series) {
    text += `${separator}{"metric":${labelsText(labels)},"values":[`;
    separator = ',';
    for (let i = 0; i < timestamps.length; i++) {
      text += `${i === 0 ? '' : ','}${opening(i, timestamps[i]!)}${sampleText(values[i]!)}"]`;
      if (text.length < PIECE_LENGTH) continue;
      yield text;
      text = '';
    }
    text += ']}';
  }
  return `${text}]`;
}

/** The beginnings of points: most series of a range query have the same instants at the same places. */
function createOpenings(): (index: number, timestamp: Milliseconds) => string {
  const timestamps: number[] = [];
  const texts: string[] = [];
  return (index, timestamp) => {
    if (timestamps[index] !== timestamp) {
      timestamps[index] = timestamp;
      texts[index] = `[${timestamp / 1000},"`;
    }
    return texts[index]!;
  };
}

export const labelsText = (labels: Labels): string =>
  `{${[...labels].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;

const point = (timestamp: Milliseconds, value: number) => `[${timestamp / 1000},"${sampleText(value)}"]`;

/** An exponent for the very small and the very large only (Prometheus's util/jsonutil.MarshalFloat). */
export function sampleText(value: number): string {
  const size = Math.abs(value);
  // Between these JavaScript writes as Go does, which is nearly always, and much faster than by way of formatFloat.
  if (size >= 1e-6 && size < 1e21) return String(value);
  return size === 0 ? formatFloat(value) : formatFloatExponent(value);
}
