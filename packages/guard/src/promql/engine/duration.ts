import { type Milliseconds, type Seconds, UserError, unreachable } from '../../core/index.ts';
import type { DurationNode, Expr } from '../ast.ts';
import { roundToNanoseconds, toMilliseconds } from '../nanoseconds.ts';
import { walkExpr } from '../walk.ts';
import { power } from './arithmetic.ts';
import type { Query } from './context.ts';

type QueryTimes = Pick<Query, 'start' | 'end' | 'step'>;

/**
 * A duration's length in this query.
 *
 * @throws UserError `bad-promql` when its arithmetic gives none, with the place of the arithmetic in bytes before the
 * message, as in Prometheus (promql/durations.go)
 */
export function durationOf(node: DurationNode, query: QueryTimes, allowNegative: boolean): Milliseconds {
  const value = secondsOf(node, query);
  // A literal is held in nanoseconds and cut to milliseconds when used; arithmetic gives milliseconds at once.
  if (node.kind === 'literal') return toMilliseconds(roundToNanoseconds(value));
  if (!Number.isFinite(value)) throw badDuration(node, 'duration is NaN or infinite');
  if (value <= 0 && !allowNegative) throw badDuration(node, 'duration must be greater than 0');
  if (Math.abs(value) > 2 ** 63 / 1e9) throw badDuration(node, 'duration is out of range');
  return Math.trunc(value * 1000);
}

type Arithmetic = Exclude<DurationNode, { kind: 'literal' }>;

const badDuration = ({ range: [start, end] }: Arithmetic, message: string): UserError =>
  new UserError('bad-promql', `${start}:${end}: ${message}`);

/** Refuses a query whose durations have no length, before anything is read. @throws UserError `bad-promql` */
export function checkDurations(expr: Expr, query: QueryTimes): void {
  walkExpr(expr, node => {
    if (node.type === 'matrix') durationOf(node.range, query, false);
    if (node.type !== 'vector' && node.type !== 'subquery') return;
    if (node.offset) durationOf(node.offset, query, true);
    if (node.type === 'vector') return;
    if (node.step) durationOf(node.step, query, false);
    durationOf(node.range, query, false);
  });
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
      return arithmetic(node, secondsOf(node.left, query), secondsOf(node.right, query));
    default:
      return unreachable(node);
  }
}

function arithmetic(node: Extract<DurationNode, { kind: 'binary' }>, left: Seconds, right: Seconds): Seconds {
  switch (node.operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw badDuration(node, 'division by zero');
      return left / right;
    case '%':
      if (right === 0) throw badDuration(node, 'modulo by zero');
      return left % right;
    case '^':
      return power(left, right);
    default:
      return unreachable(node.operator);
  }
}
