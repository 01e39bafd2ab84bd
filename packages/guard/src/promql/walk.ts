import { unreachable } from '../core/index.ts';
import type { BinaryExpr, Expr, MatrixSelector, VectorSelector } from './ast.ts';

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

/** A chain such as `a + b - c`: its leftmost operand, and the operators from the inside out. */
export interface LeftSpine {
  readonly first: Expr;
  readonly rest: readonly BinaryExpr[];
}

/** Chains grow on their left sides and may be long: what walks them recursively on the right only needs little stack. */
export function leftSpine(expr: BinaryExpr): LeftSpine {
  const rest: BinaryExpr[] = [];
  let first: Expr = expr;
  for (; first.type === 'binary'; first = first.left) rest.push(first);
  return { first, rest: rest.reverse() };
}

/** Calls `visit` for the expression and all below it, parents first. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  const ahead: Expr[] = [expr];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    visit(next);
    // One by one: a call may have more arguments than a spread may have.
    for (const child of childrenOf(next).toReversed()) ahead.push(child);
  }
}

/** A selector as it stands in an expression: alone, or with a range. */
export interface SelectorUse {
  readonly selector: VectorSelector;
  readonly matrix: MatrixSelector | undefined;
}

/** Every selector of an expression, in the order of the text. */
export function selectorsOf(expr: Expr): SelectorUse[] {
  const uses: SelectorUse[] = [];
  walkExpr(expr, node => {
    if (node.type === 'matrix') uses.push({ selector: node.selector, matrix: node });
    else if (node.type === 'vector' && uses.at(-1)?.selector !== node)
      uses.push({ selector: node, matrix: undefined });
  });
  return uses;
}
