import { unreachable } from '../core/index.ts';
import type { AggregateExpr, BinaryExpr, CallExpr, Expr, ParenExpr } from './ast.ts';
import { printAggregation, printExpr, printOperator, printSubqueryRange } from './print.ts';
import { createShortTexts, type ShortTexts } from './short-texts.ts';

/**
 * Prints an expression over several lines where one would be longer than 100 bytes, indented by two spaces a level: the
 * `data` of Prometheus's `/api/v1/format_query` (promql/parser/prettier.go).
 */
export function formatExpr(expr: Expr): string {
  return format(createShortTexts(), expr, 0);
}

const indent = (level: number): string => '  '.repeat(level);

function format(texts: ShortTexts, expr: Expr, level: number): string {
  switch (expr.type) {
    case 'number':
    case 'string':
    case 'vector':
    case 'matrix':
      return indent(level) + printExpr(expr);
    case 'unary':
      return `${indent(level)}${expr.operator}${format(texts, expr.expr, level).trim()}`;
    case 'subquery':
      // As in the original, a short one is not indented.
      return texts.of(expr) ?? format(texts, expr.expr, level) + printSubqueryRange(expr);
    case 'aggregate':
    case 'binary':
    case 'call':
    case 'paren': {
      const short = texts.of(expr);
      return short === undefined ? split(texts, expr, level) : indent(level) + short;
    }
    default:
      return unreachable(expr);
  }
}

function split(
  texts: ShortTexts,
  expr: AggregateExpr | BinaryExpr | CallExpr | ParenExpr,
  level: number,
): string {
  const block = (head: string, parts: readonly Expr[]): string => {
    const body = parts.map(part => format(texts, part, level + 1)).join(',\n');
    return `${indent(level)}${head}(\n${body}\n${indent(level)})`;
  };
  switch (expr.type) {
    case 'binary':
      return splitChain(texts, expr, level);
    case 'aggregate':
      return block(printAggregation(expr), expr.param ? [expr.param, expr.expr] : [expr.expr]);
    case 'call':
      return block(expr.name, expr.args);
    case 'paren':
      return block('', [expr.expr]);
    default:
      return unreachable(expr);
  }
}

/** Each operator of a chain stands on a line of its own, its left side one level deeper. */
function splitChain(texts: ShortTexts, expr: BinaryExpr, level: number): string {
  const links: BinaryExpr[] = [];
  let first: Expr = expr;
  for (; first.type === 'binary' && texts.of(first) === undefined; first = first.left) links.push(first);
  const lines = [format(texts, first, level + links.length)];
  for (let depth = links.length - 1; depth >= 0; depth--) {
    const link = links[depth]!;
    const at = level + depth;
    lines.push(indent(at) + printOperator(link), format(texts, link.right, at + 1));
  }
  return lines.join('\n');
}
