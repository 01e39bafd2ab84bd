import { unreachable } from '../core/index.ts';
import type { Expr, MatrixSelector, VectorSelector } from './ast.ts';

/** The direct operands of an expression, in the order of the text. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.type) {
    case 'number':
    case 'string':
    case 'vector':
      return [];
    case 'paren':
    case 'unary':
    case 'subquery':
      return [expr.expr];
    case 'binary':
      return [expr.left, expr.right];
    case 'call':
      return expr.args;
    case 'aggregate':
      return expr.param ? [expr.param, expr.expr] : [expr.expr];
    case 'matrix':
      return [expr.selector];
    default:
      return unreachable(expr);
  }
}

/** Calls `visit` for the expression and all below it, parents first. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) walkExpr(child, visit);
}

/** A selector as it stands in an expression: alone, or with a range. */
export interface SelectorUse {
  readonly selector: VectorSelector;
  readonly matrix: MatrixSelector | undefined;
}

/** Every selector of an expression, in the order of the text. */
export function selectorsOf(expr: Expr): SelectorUse[] {
  const uses: SelectorUse[] = [];
  const collect = (node: Expr): void => {
    if (node.type === 'vector') uses.push({ selector: node, matrix: undefined });
    else if (node.type === 'matrix') uses.push({ selector: node.selector, matrix: node });
    else for (const child of childrenOf(node)) collect(child);
  };
  collect(expr);
  return uses;
}
