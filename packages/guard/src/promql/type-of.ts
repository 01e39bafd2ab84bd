import type { Expr, ValueType } from './ast.ts';
import { FUNCTIONS } from './functions.ts';

/** The type of an expression's value. */
export function typeOf(expr: Expr): ValueType {
  let node = expr;
  while (node.type === 'paren' || node.type === 'unary') node = node.expr;
  switch (node.type) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'binary':
      return node.returns;
    case 'call':
      return FUNCTIONS.get(node.name)!.returns;
    case 'aggregate':
    case 'vector':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
  }
}

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** A type's name as documentation and errors write it. */
export const describeType = (type: ValueType): string => NAMES[type];
