import type { Milliseconds } from '../../core/index.ts';
import type { Expr, SubqueryExpr, VectorSelector } from '../ast.ts';
import { childrenOf, leftSpine } from '../walk.ts';
import { fixedTime, offsetOf, type Query } from './context.ts';
import { durationOf } from './duration.ts';
import { reachOf } from './extended-range.ts';

type Times = Pick<Query, 'start' | 'end' | 'step' | 'lookback'>;

/** Both inclusive. */
export interface TimeBounds {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

/** The instants between which lie all samples that a query can read; its own times when it reads none. */
export function timeBounds(expr: Expr, query: Times): TimeBounds {
  const found = boundsOf(expr, query, { from: query.start, to: query.end });
  return found ?? { from: query.start, to: query.end };
}

/** `evaluated` are the first and last instant at which the expression is evaluated. */
function boundsOf(expr: Expr, query: Times, evaluated: TimeBounds): TimeBounds | undefined {
  switch (expr.type) {
    case 'vector':
      return around(shift(expr, query, evaluated, query.lookback), 0, instantReach(expr, query));
    case 'matrix': {
      const { before, after } = reachOf(expr.selector.modifier, query.lookback);
      const range = durationOf(expr.range, query, false);
      return around(shift(expr.selector, query, evaluated, range), before, after);
    }
    case 'subquery': {
      const inner = shift(expr, query, evaluated, durationOf(expr.range, query, false));
      return boundsOf(expr.expr, query, inner);
    }
    case 'binary': {
      const { first, rest } = leftSpine(expr);
      return unionOf([first, ...rest.map(({ right }) => right)], query, evaluated);
    }
    default:
      return unionOf(childrenOf(expr), query, evaluated);
  }
}

const instantReach = ({ modifier }: VectorSelector, { lookback }: Times): Milliseconds =>
  modifier === 'smoothed' ? lookback : 0;

const around = ({ from, to }: TimeBounds, before: Milliseconds, after: Milliseconds): TimeBounds => ({
  from: from - before,
  to: to + after,
});

const unionOf = (exprs: readonly Expr[], query: Times, evaluated: TimeBounds): TimeBounds | undefined =>
  exprs.map(expr => boundsOf(expr, query, evaluated)).reduce((all, one) => union(all, one), undefined);

function union(a: TimeBounds | undefined, b: TimeBounds | undefined): TimeBounds | undefined {
  if (!a || !b) return a ?? b;
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}

function shift(
  { at, offset }: Pick<VectorSelector | SubqueryExpr, 'at' | 'offset'>,
  query: Times,
  { from, to }: TimeBounds,
  range: Milliseconds,
): TimeBounds {
  const fixed = fixedTime(query, at);
  const back = offsetOf(query, offset);
  return { from: (fixed ?? from) - back - range + 1, to: (fixed ?? to) - back };
}
