import { FUNCTIONS } from '../../../packages/guard/src/promql/functions.ts';
import type { AggregateOperator, BinaryOperator } from '../../../packages/guard/src/promql/index.ts';

/**
 * Where Go's mathematics and V8's give different last bits: the one has its own algorithms (Cephes, FreeBSD's, assembly),
 * the other fdlibm's. Each entry is proved by a test of its own; everything else is compared bit by bit. `atanh` is not
 * among them: 400,000 values showed no difference.
 */
export const INEXACT_FUNCTIONS: readonly string[] = [
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'cos',
  'cosh',
  'exp',
  'ln',
  'log10',
  'log2',
  'sin',
  'sinh',
  'tan',
  'tanh',
];
/** Near a zero of theirs, these are as exact as their operand or an intermediate result of size one allows. */
export const EXACT_TO_ONE: readonly string[] = ['acos', 'acosh', 'cos', 'sin', 'tan'];
/** Go's assembly for amd64 gives +Inf for an exponent of 709.44 already; half of that is what sinh and cosh have then. */
export const OVERFLOWING: readonly string[] = ['cosh', 'exp', 'sinh'];
export const EARLIEST_OVERFLOW = 6.3e307;
/** Go's assembly for amd64 does not know subnormal numbers: what the logarithm of the smallest normal one is. */
export const LOGARITHMS: Readonly<Record<string, number>> = {
  ln: Math.log(2 ** -1022),
  log10: Math.log10(2 ** -1022),
  log2: -1022,
};
export const INEXACT_OPERATORS: readonly BinaryOperator[] = ['^', 'atan2'];

export const EXACT_OPERATORS: readonly BinaryOperator[] = ['+', '-', '*', '/', '%'];
export const COMPARISONS: readonly BinaryOperator[] = ['==', '!=', '>', '<', '>=', '<='];
export const SET_OPERATORS: readonly BinaryOperator[] = ['and', 'or', 'unless'];

/** Without a parameter; those with one are made by their own rules. */
export const PLAIN_AGGREGATORS: readonly AggregateOperator[] = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
];

const stable = [...FUNCTIONS].map(([name, signature]) => ({ name, ...signature }));
const exact = stable.filter(({ name }) => !INEXACT_FUNCTIONS.includes(name));

/** Functions of one vector, whatever else they may be given. */
export const VECTOR_FUNCTIONS = exact.filter(
  ({ args, returns }) => args[0] === 'vector' && returns === 'vector' && !args.includes('string'),
);
/** Functions that read a range. */
export const RANGE_FUNCTIONS = exact.filter(({ args }) => args.includes('matrix'));
