import {
  type BinaryExpr,
  type BinaryOperator,
  type Expr,
  isSetOperator,
  type ValueType,
  type VectorMatching,
} from '../ast.ts';
import { typeOf } from '../type-of.ts';
import { type Cursor, spanOf } from './cursor.ts';
import { POWER_PRECEDENCE, parseOperators, SIGN_PRECEDENCE } from './operators.ts';
import { type Modifiers, parseModifiers } from './parse-modifiers.ts';
import { parseOperand } from './parse-operand.ts';
import type { Token } from './token.ts';

/** How tightly operators bind (promql/parser/generated_parser.y). */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': SIGN_PRECEDENCE,
  '/': SIGN_PRECEDENCE,
  '%': SIGN_PRECEDENCE,
  atan2: SIGN_PRECEDENCE,
  '^': POWER_PRECEDENCE,
};

const isBinaryOperator = (word: string): word is BinaryOperator => Object.hasOwn(PRECEDENCE, word);

/** Parses a whole expression, up to what cannot be part of it. Types are not checked. @throws UserError */
export function parseExpression(cursor: Cursor): Expr {
  return parseOperators<Expr>(cursor, {
    operand: () => parseOperand(cursor),
    precedence: () => {
      const { word } = cursor.peek();
      return isBinaryOperator(word) ? PRECEDENCE[word] : 0;
    },
    operator() {
      const operator = cursor.next().word as BinaryOperator;
      const modifiers = parseModifiers(cursor);
      return (left, right) => binary(cursor, left, operator, modifiers, right);
    },
    sign: token => expr => signed(token, expr),
  });
}

/** Only vectors are matched; labels given where there are none are kept for the error that they are. */
function finalMatching(
  operator: BinaryOperator,
  matching: VectorMatching,
  types: readonly ValueType[],
): VectorMatching | undefined {
  if (types.some(type => type !== 'vector')) return matching.labels.length > 0 ? matching : undefined;
  const isSet = isSetOperator(operator) && matching.cardinality === 'one-to-one';
  return isSet ? { ...matching, cardinality: 'many-to-many' } : matching;
}

/** A sign before a number belongs to it. */
function signed(token: Token, expr: Expr): Expr {
  const operator = token.word as '+' | '-';
  const span = spanOf(token, expr.span);
  if (expr.type === 'number') return { ...expr, value: operator === '-' ? -expr.value : expr.value, span };
  return { type: 'unary', operator, expr, span };
}

function binary(
  cursor: Cursor,
  left: Expr,
  operator: BinaryOperator,
  { returnBool, matching, fills }: Modifiers,
  right: Expr,
): BinaryExpr {
  if (fills) cursor.fail(left.span, 'binop fill modifiers are experimental and not enabled');
  const types = [typeOf(left), typeOf(right)];
  return {
    type: 'binary',
    operator,
    left,
    right,
    returnBool,
    matching: finalMatching(operator, matching, types),
    returns: types.every(type => type === 'scalar') ? 'scalar' : 'vector',
    span: spanOf(left.span, right.span),
  };
}
