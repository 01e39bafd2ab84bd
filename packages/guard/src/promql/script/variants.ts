import type { Milliseconds } from '../../core/index.ts';
import type { AtModifier, Expr } from '../ast.ts';
import { parseExpr } from '../parse.ts';
import { printExpr } from '../print.ts';
import { walkExpr } from '../walk.ts';
import type { EvalCommand } from './parse-script.ts';

/** Functions whose value depends on the instant of evaluation (AtModifierUnsafeFunctions of promql/functions.go). */
const OF_THE_INSTANT: ReadonlySet<string> = new Set([
  ...['days_in_month', 'day_of_month', 'day_of_week', 'day_of_year', 'hour', 'minute', 'month', 'year'],
  ...['predict_linear', 'time', 'timestamp'],
]);

/**
 * An instant eval with `@` on every selector that has none, at other instants: the result stays the same. None where
 * a function looks at the instant itself, or where the expression does not parse.
 */
export function pinned(command: EvalCommand): EvalCommand[] {
  const expr = pinnedExpr(command.expr, command.start);
  if (expr === undefined) return [];
  const { start: at } = command;
  const instants = at === 0 ? [-1000, 0, 1000] : [-10 * at, 0, Math.trunc(at / 5), at, 10 * at];
  return instants.map(start => ({ ...command, expr, start, end: start }));
}

function pinnedExpr(text: string, timestamp: Milliseconds): string | undefined {
  let expr: Expr;
  try {
    expr = parseExpr(text);
  } catch {
    return undefined;
  }
  let isOfTheInstant = false;
  walkExpr(expr, node => {
    if (node.type === 'call' && OF_THE_INSTANT.has(node.name)) isOfTheInstant = true;
  });
  return isOfTheInstant ? undefined : printExpr(pin(expr, { kind: 'time', timestamp }));
}

/** A subquery that is pinned itself keeps its inside. */
function pin(expr: Expr, at: AtModifier): Expr {
  switch (expr.type) {
    case 'number':
    case 'string':
      return expr;
    case 'vector':
      return { ...expr, at: expr.at ?? at };
    case 'matrix':
      return { ...expr, selector: { ...expr.selector, at: expr.selector.at ?? at } };
    case 'subquery':
      return { ...expr, at: expr.at ?? at };
    case 'paren':
    case 'unary':
      return { ...expr, expr: pin(expr.expr, at) };
    case 'binary':
      return { ...expr, left: pin(expr.left, at), right: pin(expr.right, at) };
    case 'call':
      return { ...expr, args: expr.args.map(arg => pin(arg, at)) };
    case 'aggregate':
      return { ...expr, expr: pin(expr.expr, at), param: expr.param && pin(expr.param, at) };
  }
}

const MINUTE = 60_000;

/** An instant eval as the middle step of a range query; none where the result would not be the same. */
export function asRange(command: EvalCommand): EvalCommand | undefined {
  const { start, expr, grid, string } = command;
  if (grid || string !== undefined || /(?:start|end|range|step)\(\)/.test(expr)) return undefined;
  if (command.expectations.some(({ kind }) => kind === 'fail')) return undefined;
  return { ...command, start: start - MINUTE, end: start + MINUTE, step: MINUTE };
}
