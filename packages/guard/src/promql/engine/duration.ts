import { type Milliseconds, type Seconds, unreachable } from '../../core/index.ts';
import type { DurationNode, DurationOperator } from '../ast.ts';
import { executionError } from '../errors.ts';
import { roundToNanoseconds, toMilliseconds } from '../nanoseconds.ts';
import type { Query } from './context.ts';

type QueryTimes = Pick<Query, 'start' | 'end' | 'step'>;

/** A duration's length in this query. @throws UserError `promql-execution` when arithmetic gives none */
export function durationOf(node: DurationNode, query: QueryTimes, allowNegative: boolean): Milliseconds {
  const value = secondsOf(node, query);
  // A literal is held in nanoseconds and cut to milliseconds when used; arithmetic gives milliseconds at once.
  if (node.kind === 'literal') return toMilliseconds(roundToNanoseconds(value));
  if (!Number.isFinite(value)) throw executionError('promql-execution', 'duration is NaN or infinite');
  if (value <= 0 && !allowNegative)
    throw executionError('promql-execution', 'duration must be greater than 0');
  if (Math.abs(value) > 2 ** 63 / 1e9) throw executionError('promql-execution', 'duration is out of range');
  return Math.trunc(value * 1000);
}

function secondsOf(node: DurationNode, query: QueryTimes): Seconds {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'step':
      return query.step / 1000;
    case 'range':
      return (query.end - query.start) / 1000;
    case 'unary':
      return node.operator === '-' ? -secondsOf(node.operand, query) : secondsOf(node.operand, query);
    case 'min_of':
      return Math.min(secondsOf(node.left, query), secondsOf(node.right, query));
    case 'max_of':
      return Math.max(secondsOf(node.left, query), secondsOf(node.right, query));
    case 'binary':
      return arithmetic(node.operator, secondsOf(node.left, query), secondsOf(node.right, query));
    default:
      return unreachable(node);
  }
}

function arithmetic(operator: DurationOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw executionError('promql-execution', 'division by zero in a duration');
      return left / right;
    case '%':
      if (right === 0) throw executionError('promql-execution', 'modulo by zero in a duration');
      return left % right;
    case '^':
      return left ** right;
    default:
      return unreachable(operator);
  }
}
