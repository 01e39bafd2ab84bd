import { formatFloatShort, goQuote, type Labels, METRIC_NAME } from '../../core/index.ts';
import type { CallExpr, Expr } from '../ast.ts';
import { type Bucket, bucketFraction, bucketQuantile } from './buckets.ts';
import { type EvalContext, timeAt, withoutName } from './context.ts';
import { evaluateScalar, evaluateVector } from './evaluate.ts';
import { countPresent, createFrame, type Frame } from './frame.ts';
import { mergeDuplicates } from './merge.ts';
import { isBadQuantile } from './quantile.ts';
import { unwrap } from './range-call.ts';

const LE = 'le';

/** The rows of a classic histogram's buckets. */
interface Histogram {
  readonly labels: Labels;
  readonly rows: { readonly row: number; readonly upperBound: number }[];
}

/** histogram_quantile(φ, buckets). */
export function histogramQuantile(ctx: EvalContext, { args }: CallExpr): Frame {
  const { notes, delayedNameRemoval } = ctx.query;
  const [quantileNode, bucketsNode] = args.map(unwrap) as [Expr, Expr];
  const quantiles = evaluateScalar(ctx, quantileNode);
  const frame = eachHistogram(ctx, bucketsNode, (buckets, step, labels) => {
    const { value, fix } = bucketQuantile(quantiles[step]!, buckets);
    if (fix)
      notes.forcedMonotonicity(
        delayedNameRemoval ? labels.metricName : '',
        fix,
        timeAt(ctx, step),
        bucketsNode.span,
      );
    return value;
  });
  // Of several places with the same warning the outermost is told, which is why it comes last.
  for (const q of new Set(quantiles))
    if (isBadQuantile(q))
      notes.warn(`quantile value should be between 0 and 1, got ${formatFloatShort(q)}`, quantileNode.span);
  return frame;
}

/** histogram_fraction(lower, upper, buckets). */
export function histogramFraction(ctx: EvalContext, { args }: CallExpr): Frame {
  const [lowerNode, upperNode, bucketsNode] = args.map(unwrap) as [Expr, Expr, Expr];
  const lower = evaluateScalar(ctx, lowerNode);
  const upper = evaluateScalar(ctx, upperNode);
  return eachHistogram(ctx, bucketsNode, (buckets, step) =>
    bucketFraction(lower[step]!, upper[step]!, buckets),
  );
}

function eachHistogram(
  ctx: EvalContext,
  node: Expr,
  evaluate: (buckets: Bucket[], step: number, labels: Labels) => number,
): Frame {
  const { budget, delayedNameRemoval } = ctx.query;
  const input = evaluateVector(ctx, node);
  const histograms = groupBuckets(ctx, input, node);
  const labels = histograms.map(each => (delayedNameRemoval ? each.labels : withoutName(each.labels)));
  const frame = createFrame(
    labels,
    ctx.steps,
    labels.map(() => delayedNameRemoval),
  );
  for (const [index, { rows, labels: own }] of histograms.entries())
    for (let step = 0; step < ctx.steps; step++) {
      const buckets = bucketsAt(input, rows, step);
      budget.work(buckets.length + 1);
      if (buckets.length === 0) continue;
      frame.values[index * ctx.steps + step] = evaluate(buckets, step, own);
      frame.present[index * ctx.steps + step] = 1;
    }
  budget.hold(countPresent(frame));
  budget.release(countPresent(input));
  return delayedNameRemoval ? frame : mergeDuplicates(frame);
}

function bucketsAt(input: Frame, rows: Histogram['rows'], step: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (const { row, upperBound } of rows) {
    const cell = row * input.steps + step;
    if (input.present[cell] === 1) buckets.push({ upperBound, count: input.values[cell]! });
  }
  return buckets;
}

function groupBuckets(ctx: EvalContext, input: Frame, node: Expr): Histogram[] {
  const { notes, delayedNameRemoval } = ctx.query;
  const histograms = new Map<string, Histogram>();
  for (const [row, labels] of input.labels.entries()) {
    const bound = labels.get(LE);
    const upperBound = parseBound(bound);
    if (Number.isNaN(upperBound)) {
      if (!hasSample(input, row)) continue;
      const name = delayedNameRemoval ? labels.get(METRIC_NAME) : '';
      const suffix = name === '' ? '' : ` for metric name ${goQuote(name)}`;
      notes.warn(
        `bucket label "le" is missing or has a malformed value of ${goQuote(bound)}${suffix}`,
        node.span,
      );
      continue;
    }
    const own = labels.without([LE]);
    const known = histograms.get(own.key);
    if (known) known.rows.push({ row, upperBound });
    else histograms.set(own.key, { labels: own, rows: [{ row, upperBound }] });
  }
  return [...histograms.values()];
}

const hasSample = (frame: Frame, row: number): boolean =>
  frame.present.subarray(row * frame.steps, (row + 1) * frame.steps).includes(1);

/** A bucket's upper bound as Go's ParseFloat reads it; NaN when it is none. */
function parseBound(text: string): number {
  if (/^[+]?inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-inf(?:inity)?$/i.test(text)) return Number.NEGATIVE_INFINITY;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
