import { unreachable } from '../../core/index.ts';
import type { AggregateOperator } from '../ast.ts';
import { frameOfGroups, type Grouping } from './aggregate.ts';
import type { EvalContext } from './context.ts';
import type { Frame } from './frame.ts';
import { addTo, addToMean, meanOf, startMean } from './kahan.ts';
import { quantileOf } from './quantile.ts';

type Accumulating = Exclude<AggregateOperator, 'topk' | 'bottomk' | 'count_values'>;

/** Takes the values of one group at one step, in the order of the input's rows. */
interface Accumulator {
  /** The first value of a step starts anew. */
  start(value: number): void;
  add(value: number): void;
  /** `param` is the φ of quantile. */
  result(param: number): number;
}

/** Aggregations that make one value of a group's values. */
export function accumulate(
  ctx: EvalContext,
  operator: Accumulating,
  input: Frame,
  grouping: Grouping,
  param: Float64Array | undefined,
): Frame {
  const { steps } = ctx;
  const result = frameOfGroups(input, grouping);
  const groups = grouping.labels.map(() => createAccumulator(operator));
  for (let step = 0; step < steps; step++) {
    ctx.query.budget.work(input.labels.length);
    for (let row = 0; row < input.labels.length; row++) {
      const cell = row * steps + step;
      if (input.present[cell] === 0) continue;
      const group = grouping.groupOf[row]!;
      const target = group * steps + step;
      if (result.present[target] === 1) groups[group]!.add(input.values[cell]!);
      else groups[group]!.start(input.values[cell]!);
      result.present[target] = 1;
    }
    for (let group = 0; group < groups.length; group++)
      if (result.present[group * steps + step] === 1)
        result.values[group * steps + step] = groups[group]!.result(param?.[step] ?? 0);
  }
  return result;
}

function createAccumulator(operator: Accumulating): Accumulator {
  switch (operator) {
    case 'sum':
      return createSum();
    case 'avg':
      return createMean();
    case 'min':
      return createPick((value, best) => value < best);
    case 'max':
      return createPick((value, best) => value > best);
    case 'count':
      return createCount();
    case 'group':
      return { start: () => {}, add: () => {}, result: () => 1 };
    case 'stddev':
      return createVariance(Math.sqrt);
    case 'stdvar':
      return createVariance(variance => variance);
    case 'quantile':
      return createQuantile();
    default:
      return unreachable(operator);
  }
}

function createSum(): Accumulator {
  const total = { sum: 0, compensation: 0 };
  return {
    start(value) {
      total.sum = value;
      total.compensation = 0;
    },
    add: value => addTo(total, value),
    result: () => total.sum + total.compensation,
  };
}

function createMean(): Accumulator {
  let mean = startMean(0);
  return {
    start(value) {
      mean = startMean(value);
    },
    add: value => addToMean(mean, value),
    result: () => meanOf(mean),
  };
}

function createPick(isBetter: (value: number, best: number) => boolean): Accumulator {
  let best = 0;
  return {
    start(value) {
      best = value;
    },
    add(value) {
      if (isBetter(value, best) || Number.isNaN(best)) best = value;
    },
    result: () => best,
  };
}

function createCount(): Accumulator {
  let count = 0;
  return {
    start() {
      count = 1;
    },
    add() {
      count++;
    },
    result: () => count,
  };
}

/** Welford's method, as Prometheus has it: without compensation. */
function createVariance(finish: (variance: number) => number): Accumulator {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    start(value) {
      count = 1;
      mean = value;
      squares = Number.isFinite(value) ? 0 : Number.NaN;
    },
    add(value) {
      count++;
      const delta = value - mean;
      mean += delta / count;
      squares += delta * (value - mean);
    },
    result: () => finish(squares / count),
  };
}

function createQuantile(): Accumulator {
  let values: number[] = [];
  return {
    start(value) {
      values = [value];
    },
    add: value => void values.push(value),
    result: q => quantileOf(q, Float64Array.from(values)),
  };
}
