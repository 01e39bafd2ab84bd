import { compareLabels, Labels, type Milliseconds, UserError, unreachable } from '../../core/index.ts';
import type { Expr, ValueType } from '../ast.ts';
import type { Querier, Queryable, Samples } from '../storage.ts';
import { describeType, typeOf } from '../type-of.ts';
import { createAnnotations } from './annotations.ts';
import { createBudget, type InterruptCheck } from './budget.ts';
import { createBuffers } from './buffers.ts';
import { duplicateLabels, type EvalContext, lastTime, type Query, timeAt, withoutName } from './context.ts';
import { checkDurations } from './duration.ts';
import { evaluateScalar, evaluateVector } from './evaluate.ts';
import { extendedSamples, reachOf } from './extended-range.ts';
import { type Frame, isRowEmpty } from './frame.ts';
import { mergeDuplicates } from './merge.ts';
import { unwrap } from './range-call.ts';
import type { MatrixSeries, QueryResult, QueryValue } from './result.ts';
import { countWindows, createSampleCounts } from './sample-counts.ts';
import { selectRange, windowEnd } from './selectors.ts';
import { statisticsOf } from './statistics.ts';
import { timeBounds } from './time-bounds.ts';
import { firstAfter } from './windows.ts';

export interface EngineOptions {
  /** How far back an instant selector looks for a sample. */
  readonly lookbackDelta: Milliseconds;
  /** The most samples that a query may hold in memory at a time. */
  readonly maxSamples: number;
  /** The step of subqueries that give none; 1 minute by default. */
  readonly noStepSubqueryInterval?: Milliseconds;
  /** Prometheus's feature `promql-delayed-name-removal`; off by default. */
  readonly delayedNameRemoval?: boolean;
}

export interface QueryOptions {
  /** Overrides the engine's own. */
  readonly lookbackDelta?: Milliseconds;
  /** Asked every few thousand samples; an answer ends the query with that error. */
  readonly interrupted?: InterruptCheck;
  /** Gives the result its `statistics`, which costs reading ranges twice. */
  readonly countsSamples?: boolean;
}

/** The steps of a range query: `start`, and every `step` after it up to `end`, inclusive. */
export interface RangeOptions {
  readonly start: Milliseconds;
  readonly end: Milliseconds;
  /** More than 0. */
  readonly step: Milliseconds;
}

/**
 * Evaluates expressions, synchronously. @throws UserError `promql-execution`, `promql-timeout`, `promql-canceled`,
 * `promql-too-many-samples`; `bad-promql` for a range query of a range vector or string.
 */
export interface PromqlEngine {
  instant(queryable: Queryable, expr: Expr, at: Milliseconds, options?: QueryOptions): QueryResult;
  /** The result is a matrix. */
  range(queryable: Queryable, expr: Expr, range: RangeOptions, options?: QueryOptions): QueryResult;
}

/** What is wrong with a query before anything is evaluated. */
const badQuery = (message: string): UserError => new UserError('bad-promql', message);

const MINUTE = 60_000;

export function createEngine(engine: EngineOptions): PromqlEngine {
  const buffers = createBuffers();

  function evaluate(
    queryable: Queryable,
    expr: Expr,
    { start, end, step }: RangeOptions,
    options: QueryOptions,
    compute: (ctx: EvalContext) => QueryValue,
  ): QueryResult {
    const times = { start, end, step };
    const settings = {
      ...times,
      lookback: options.lookbackDelta ?? engine.lookbackDelta,
      noStepSubqueryInterval: engine.noStepSubqueryInterval ?? MINUTE,
      delayedNameRemoval: engine.delayedNameRemoval ?? false,
    };
    checkDurations(expr, settings);
    const bounds = timeBounds(expr, settings);
    const querier: Querier = queryable.querier(bounds.from, bounds.to);
    try {
      const notes = createAnnotations();
      const budget = createBudget(engine.maxSamples, options.interrupted);
      const query: Query = { ...settings, querier, notes, budget, buffers };
      const steps = step === 0 ? 1 : Math.floor((end - start) / step) + 1;
      const counts = options.countsSamples ? createSampleCounts(steps) : undefined;
      const ctx: EvalContext = { query, start, step, steps, isInstant: start === end, counts };
      const value = compute(ctx);
      const statistics = statisticsOf(ctx);
      return {
        ...value,
        warnings: notes.warnings(),
        infos: notes.infos(),
        ...(statistics && { statistics }),
      };
    } finally {
      querier.close();
      buffers.reclaim();
    }
  }

  return {
    instant: (queryable, expr, at, options = {}) =>
      // As in Prometheus, `step()` is 0 in an instant query.
      evaluate(queryable, expr, { start: at, end: at, step: 0 }, options, ctx => instantValue(ctx, expr)),
    range(queryable, expr, range, options = {}) {
      if (!(range.step > 0)) throw badQuery('zero or negative query resolution step');
      if (range.end < range.start) throw badQuery('end timestamp must not be before start time');
      checkRangeType(typeOf(expr));
      return evaluate(queryable, expr, range, options, ctx => rangeValue(ctx, expr));
    },
  };
}

function instantValue(ctx: EvalContext, expr: Expr): QueryValue {
  const type = typeOf(expr);
  const timestamp = ctx.start;
  switch (type) {
    case 'scalar':
      return { type: 'scalar', timestamp, value: evaluateScalar(ctx, expr)[0]! };
    case 'string': {
      const literal = unwrap(expr);
      if (literal.type !== 'string') throw new Error('BUG: a string that is no literal');
      return { type: 'string', timestamp, value: literal.value.toWellFormed() };
    }
    case 'matrix':
      return { type: 'matrix', series: rawSeries(ctx, unwrap(expr)) };
    case 'vector': {
      const { labels, values, present } = finish(ctx, evaluateVector(ctx, expr));
      return {
        type: 'vector',
        samples: labels.flatMap((rowLabels, row) =>
          present[row] === 1 ? [{ labels: rowLabels, timestamp, value: values[row]! }] : [],
        ),
      };
    }
    default:
      return unreachable(type);
  }
}

/** The final labels; two series with the same ones at the same step are an error. */
function finish(ctx: EvalContext, frame: Frame): Frame {
  if (ctx.query.delayedNameRemoval) {
    const labels = frame.labels.map((rowLabels, row) =>
      frame.dropName[row] ? withoutName(rowLabels) : rowLabels,
    );
    return mergeDuplicates({ ...frame, labels });
  }
  return mergeDuplicates(frame);
}

function rawSeries(ctx: EvalContext, expr: Expr): MatrixSeries[] {
  if (expr.type !== 'matrix' && expr.type !== 'subquery')
    throw new Error(`BUG: ${expr.type} is no range vector`);
  const source = selectRange(ctx, expr);
  const { series, placement, range } = source;
  const end = windowEnd(placement, lastTime(ctx));
  const found: MatrixSeries[] = [];
  const seen = new Set<string>();
  const modifier = expr.type === 'matrix' ? expr.selector.modifier : undefined;
  if (expr.type === 'matrix') countWindows(ctx, source, reachOf(modifier, ctx.query.lookback));
  for (const { labels, dropName, read } of series) {
    const points = modifier
      ? extendedSamples(read(), modifier, end - range, end)
      : cut(read(), end - range, end);
    if (points.timestamps.length === 0) continue;
    ctx.query.budget.hold(points.timestamps.length);
    const own = dropName ? withoutName(labels) : labels;
    if (seen.has(own.key)) throw duplicateLabels();
    seen.add(own.key);
    found.push({ labels: own, ...points });
  }
  return found.sort((a, b) => compareLabels(a.labels, b.labels));
}

function cut({ timestamps, values, start, end }: Samples, after: Milliseconds, until: Milliseconds) {
  const from = firstAfter(timestamps, start, end, after);
  const to = firstAfter(timestamps, from, end, until);
  return { timestamps: timestamps.slice(from, to), values: values.slice(from, to) };
}

function checkRangeType(type: ValueType): void {
  if (type !== 'scalar' && type !== 'vector')
    throw badQuery(
      `invalid expression type ${JSON.stringify(describeType(type))} for range query, must be Scalar or instant Vector`,
    );
}

function rangeValue(ctx: EvalContext, expr: Expr): QueryValue {
  if (typeOf(expr) === 'scalar')
    return { type: 'matrix', series: [scalarSeries(ctx, evaluateScalar(ctx, expr))] };
  const frame = finish(ctx, evaluateVector(ctx, expr));
  const series = frame.labels.flatMap((labels, row) =>
    isRowEmpty(frame, row) ? [] : [{ labels, ...rowPoints(ctx, frame, row) }],
  );
  return { type: 'matrix', series: series.sort((a, b) => compareLabels(a.labels, b.labels)) };
}

function scalarSeries(ctx: EvalContext, values: Float64Array): MatrixSeries {
  return { labels: Labels.EMPTY, timestamps: values.map((_, step) => timeAt(ctx, step)), values };
}

function rowPoints(ctx: EvalContext, frame: Frame, row: number): Omit<MatrixSeries, 'labels'> {
  const timestamps = new Float64Array(ctx.steps);
  const values = new Float64Array(ctx.steps);
  let count = 0;
  for (let step = 0; step < ctx.steps; step++) {
    const cell = row * ctx.steps + step;
    if (frame.present[cell] === 0) continue;
    timestamps[count] = timeAt(ctx, step);
    values[count++] = frame.values[cell]!;
  }
  return { timestamps: timestamps.slice(0, count), values: values.slice(0, count) };
}
