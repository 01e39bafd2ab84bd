import { compareLabels, Labels } from '../../core/index.ts';
import type { CallExpr, Expr } from '../ast.ts';
import { absentLabels } from './absent.ts';
import { dateFunction } from './calendar.ts';
import { type EvalContext, timeAt } from './context.ts';
import { evaluateScalar, evaluateVector, withoutNames } from './evaluate.ts';
import { countPresent, createFrame, type Frame } from './frame.ts';
import { larger, smaller } from './go-extremes.ts';
import { histogramFraction, histogramQuantile } from './histogram.ts';
import { labelJoin, labelReplace } from './label-functions.ts';
import { MATH_FUNCTIONS } from './math-functions.ts';
import { unwrap } from './range-call.ts';
import { takeRows } from './rows.ts';
import { selectInstant } from './selectors.ts';

type InstantFunction = (ctx: EvalContext, call: CallExpr) => Frame;

/** Evaluates a function that takes no range vector and gives an instant vector. */
export function callInstantFunction(ctx: EvalContext, call: CallExpr): Frame {
  const math = MATH_FUNCTIONS.get(call.name);
  if (math) return mapValues(ctx, evaluateVector(ctx, call.args[0]!), math);
  const date = dateFunction(call.name);
  if (date) return dateOf(ctx, call.args[0], date);
  const special = SPECIAL.get(call.name);
  if (!special) throw new Error(`BUG: ${call.name}() is not evaluated`);
  return special(ctx, call);
}

function mapValues(ctx: EvalContext, frame: Frame, map: (value: number, step: number) => number): Frame {
  const values = new Float64Array(frame.values.length);
  for (let cell = 0; cell < values.length; cell++)
    if (frame.present[cell] === 1) values[cell] = map(frame.values[cell]!, cell % ctx.steps);
  return withoutNames(ctx, { ...frame, values });
}

/** One series without labels that is always there. */
function constant(ctx: EvalContext, values: Float64Array): Frame {
  ctx.query.budget.hold(ctx.steps);
  const frame = createFrame([Labels.EMPTY], ctx.steps);
  frame.values.set(values);
  frame.present.fill(1);
  return frame;
}

function dateOf(ctx: EvalContext, arg: Expr | undefined, part: (seconds: number) => number): Frame {
  if (arg) return mapValues(ctx, evaluateVector(ctx, arg), part);
  const times = Float64Array.from({ length: ctx.steps }, (_, step) =>
    part(Math.floor(timeAt(ctx, step) / 1000)),
  );
  return constant(ctx, times);
}

function clampBetween(ctx: EvalContext, vector: Expr, low: Float64Array, high: Float64Array): Frame {
  const input = evaluateVector(ctx, vector);
  const present = input.present.map((there, cell) =>
    high[cell % ctx.steps]! < low[cell % ctx.steps]! ? 0 : there,
  );
  const frame = { ...input, present };
  ctx.query.budget.release(countPresent(input) - countPresent(frame));
  return mapValues(ctx, frame, (value, step) => larger(low[step]!, smaller(high[step]!, value)));
}

const everywhere = (ctx: EvalContext, value: number): Float64Array => new Float64Array(ctx.steps).fill(value);

const clamp: InstantFunction = (ctx, { name, args }) => {
  const [vector, first, second] = args as [Expr, Expr, Expr];
  const bound = evaluateScalar(ctx, first);
  if (name === 'clamp_min')
    return clampBetween(ctx, vector, bound, everywhere(ctx, Number.POSITIVE_INFINITY));
  if (name === 'clamp_max')
    return clampBetween(ctx, vector, everywhere(ctx, Number.NEGATIVE_INFINITY), bound);
  return clampBetween(ctx, vector, bound, evaluateScalar(ctx, second));
};

const round: InstantFunction = (ctx, { args }) => {
  const nearest = args[1] ? evaluateScalar(ctx, args[1]) : everywhere(ctx, 1);
  return mapValues(ctx, evaluateVector(ctx, args[0]!), (value, step) => {
    // Dividing by the inverse loses less than multiplying by the value.
    const inverse = 1 / nearest[step]!;
    return Math.floor(value * inverse + 0.5) / inverse;
  });
};

const timestamp: InstantFunction = (ctx, { args }) => {
  const arg = unwrap(args[0]!);
  if (arg.type === 'vector') return withoutNames(ctx, selectInstant(ctx, arg, 'timestamp'));
  return mapValues(ctx, evaluateVector(ctx, arg), (_, step) => timeAt(ctx, step) / 1000);
};

const absent: InstantFunction = (ctx, { args }) => {
  const { budget } = ctx.query;
  const input = evaluateVector(ctx, args[0]!);
  budget.release(countPresent(input));
  const frame = createFrame([absentLabels(unwrap(args[0]!))], ctx.steps);
  frame.values.fill(1);
  frame.present.fill(1);
  for (let cell = 0; cell < input.present.length; cell++)
    if (input.present[cell] === 1) frame.present[cell % ctx.steps] = 0;
  budget.hold(countPresent(frame));
  return frame;
};

const sort: InstantFunction = (ctx, { name, args, span }) => {
  const frame = evaluateVector(ctx, args[0]!);
  if (!ctx.isInstant) {
    ctx.query.notes.warn(
      'sort is ineffective for range queries since results are always ordered by labels',
      span,
    );
    return frame;
  }
  const sign = name === 'sort' ? 1 : -1;
  const compare = (a: number, b: number): number => {
    const [x, y] = [frame.values[a]!, frame.values[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x === y ? compareLabels(frame.labels[a]!, frame.labels[b]!) : sign * (x < y ? -1 : 1);
  };
  return takeRows(frame, [...frame.labels.keys()].sort(compare));
};

/** What tells of native histograms: there are none, and floats are passed over in silence. */
const ofNativeHistograms: InstantFunction = (ctx, { args }) => {
  ctx.query.budget.release(countPresent(evaluateVector(ctx, args[0]!)));
  return createFrame([], ctx.steps);
};

const SPECIAL: ReadonlyMap<string, InstantFunction> = new Map<string, InstantFunction>([
  ['absent', absent],
  ['clamp', clamp],
  ['clamp_max', clamp],
  ['clamp_min', clamp],
  ['histogram_avg', ofNativeHistograms],
  ['histogram_count', ofNativeHistograms],
  ['histogram_fraction', histogramFraction],
  ['histogram_quantile', histogramQuantile],
  ['histogram_stddev', ofNativeHistograms],
  ['histogram_stdvar', ofNativeHistograms],
  ['histogram_sum', ofNativeHistograms],
  ['label_join', labelJoin],
  ['label_replace', labelReplace],
  ['round', round],
  ['sort', sort],
  ['sort_desc', sort],
  ['timestamp', timestamp],
  ['vector', (ctx, { args }) => constant(ctx, evaluateScalar(ctx, args[0]!))],
]);
