import { compareStrings, formatFloat, Labels, METRIC_NAME } from '../core/index.ts';
import {
  type HistogramPoint,
  hasNoRecordedValue,
  type NumberPoint,
  type SummaryPoint,
} from '../otlp/index.ts';
import type { Exemplar } from '../promql/storage.ts';
import { exemplarsOf, inOrder } from './exemplars.ts';
import { toMilliseconds } from './nanoseconds.ts';
import type { SampleSink, SampleValue } from './sample-sink.ts';
import { type LabelContext, pointLabels } from './series-labels.ts';
import type { Warn } from './warnings.ts';

/** What the points of one metric share. */
export interface MetricContext {
  /** The name of its series, without the suffixes of buckets and sums. */
  readonly name: string;
  readonly labels: LabelContext;
  readonly sink: SampleSink;
  readonly warn: Warn;
}

/** Why a point is not stored: what it is, or what the store says to one of its samples. */
export interface PointProblem {
  readonly message: string;
  readonly isSample: boolean;
}

const invalid = (message: string): PointProblem => ({ message, isSample: false });

type Pair = readonly [name: string, value: string];

const named = (labels: ReadonlyMap<string, string>, name: string): Labels =>
  Labels.of([...labels, [METRIC_NAME, name]]);

/** A gauge's point, or a sum's, which has exemplars. */
export function appendNumberPoint(
  point: NumberPoint,
  { name, labels: context, sink }: MetricContext,
  hasExemplars: boolean,
): PointProblem | undefined {
  const { labels, problem } = pointLabels(point.attributes, context);
  if (problem !== undefined) return invalid(problem);
  const found = exemplarsOf(hasExemplars ? point.exemplars : []);
  if (found.problem !== undefined) return invalid(found.problem);
  const value = hasNoRecordedValue(point) ? 'stale' : Number(point.value ?? 0);
  const refused = sink.append(
    named(labels, name),
    toMilliseconds(point.timeUnixNano),
    value,
    inOrder(found.exemplars),
  );
  return refused === undefined ? undefined : { message: refused, isSample: true };
}

/** Appends samples of one point; the first that is refused is the point's problem. */
class PointAppender {
  /** Of the point, sorted: what its series share. */
  readonly #labels: readonly Pair[];
  readonly #sink: SampleSink;
  readonly #timestamp: number;
  readonly #isStale: boolean;
  problem: PointProblem | undefined;

  constructor(labels: ReadonlyMap<string, string>, point: HistogramPoint | SummaryPoint, sink: SampleSink) {
    this.#labels = [...labels].sort(([a], [b]) => compareStrings(a, b));
    this.#sink = sink;
    this.#timestamp = toMilliseconds(point.timeUnixNano);
    this.#isStale = hasNoRecordedValue(point);
  }

  /** After a problem nothing more is appended. */
  append(name: string, value: number, extra?: Pair, exemplars?: readonly Exemplar[]): void {
    if (this.problem) return;
    const stored: SampleValue = this.#isStale ? 'stale' : value;
    const added: Pair[] = extra ? [[METRIC_NAME, name], extra] : [[METRIC_NAME, name]];
    const refused = this.#sink.append(merged(this.#labels, added), this.#timestamp, stored, exemplars);
    if (refused !== undefined) this.problem = { message: refused, isSample: true };
  }
}

/** Two sorted lists as one; what is added replaces labels of its names. */
function merged(labels: readonly Pair[], added: readonly Pair[]): Labels {
  const flat: string[] = [];
  let next = 0;
  for (const [name, value] of labels) {
    for (; next < added.length && compareStrings(added[next]![0], name) < 0; next++)
      flat.push(...added[next]!);
    if (added[next]?.[0] !== name) flat.push(name, value);
  }
  for (; next < added.length; next++) flat.push(...added[next]!);
  return Labels.fromSorted(flat);
}

/** A histogram with explicit bounds becomes cumulative buckets, a count, and a sum where there is one. */
export function appendHistogramPoint(
  point: HistogramPoint,
  context: MetricContext,
): PointProblem | undefined {
  const { name, sink, warn } = context;
  const { labels, problem } = pointLabels(point.attributes, context.labels);
  if (problem !== undefined) return invalid(problem);
  const samples = new PointAppender(labels, point, sink);
  if (point.sum !== undefined) samples.append(`${name}_sum`, point.sum);
  samples.append(`${name}_count`, Number(point.count));
  if (samples.problem) return samples.problem;
  const found = exemplarsOf(point.exemplars);
  if (found.problem !== undefined) return invalid(found.problem);
  const bucket = `${name}_bucket`;
  let rest = found.exemplars;
  let cumulative = 0n;
  for (const [index, bound] of point.explicitBounds.entries()) {
    if (index >= point.bucketCounts.length) break;
    cumulative = BigInt.asUintN(64, cumulative + point.bucketCounts[index]!);
    if (bound === Number.POSITIVE_INFINITY) {
      // The bucket of everything is made of the count.
      warn('histogram_plus_inf_bound');
      continue;
    }
    const above = rest.findIndex(({ value }) => value > bound);
    const own = above < 0 ? rest : rest.slice(0, above);
    rest = rest.slice(own.length);
    samples.append(bucket, Number(cumulative), ['le', formatFloat(bound)], inOrder(own));
  }
  samples.append(bucket, Number(point.count), ['le', '+Inf'], inOrder(rest));
  return samples.problem;
}

/** A summary becomes a sum, a count and a series a quantile. */
export function appendSummaryPoint(point: SummaryPoint, context: MetricContext): PointProblem | undefined {
  const { name, sink } = context;
  const { labels, problem } = pointLabels(point.attributes, context.labels);
  if (problem !== undefined) return invalid(problem);
  const samples = new PointAppender(labels, point, sink);
  samples.append(`${name}_sum`, point.sum);
  samples.append(`${name}_count`, Number(point.count));
  for (const { quantile, value } of point.quantileValues)
    samples.append(name, value, ['quantile', formatFloat(quantile)]);
  return samples.problem;
}
