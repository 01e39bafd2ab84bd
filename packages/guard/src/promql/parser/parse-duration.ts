import type { DurationNode, DurationOperator } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { type OperatorRules, POWER_PRECEDENCE, parseOperators, SIGN_PRECEDENCE } from './operators.ts';
import { parseNumber } from './parse-number.ts';
import type { Token } from './token.ts';

/** A duration and where it begins, for what is said about it. */
interface Built {
  readonly node: DurationNode;
  readonly start: number;
}

const PRECEDENCE: Readonly<Record<DurationOperator, number>> = {
  '+': 4,
  '-': 4,
  '*': SIGN_PRECEDENCE,
  '/': SIGN_PRECEDENCE,
  '%': SIGN_PRECEDENCE,
  '^': POWER_PRECEDENCE,
};

const isDurationOperator = (word: string): word is DurationOperator => Object.hasOwn(PRECEDENCE, word);

/** The longest duration that Go's representation holds, in seconds. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/** Parses the duration of a range or of a subquery's step. */
export function parsePositiveDuration(cursor: Cursor): DurationNode {
  const { node, start } = parseDuration(cursor);
  if (node.kind === 'literal' && node.value <= 0) cursor.fail({ start }, 'duration must be greater than 0');
  return node;
}

/**
 * Parses the duration of an offset. Unless parentheses or a second sign begin it, it ends where an operator follows:
 * `x offset 5m + 1` adds to the selector's values.
 */
export function parseOffset(cursor: Cursor): DurationNode {
  if (cursor.at('(')) return parseDuration(cursor).node;
  const sign = cursor.accept('+', '-');
  if (!sign) return parsePrimary(cursor).node;
  if (cursor.at('+', '-')) return parseDuration(cursor, sign).node;
  const isWord = cursor.peek().kind === 'preprocessor';
  const operand = parsePrimary(cursor, sign.start);
  // Here alone the original keeps a plus, before words.
  return isWord
    ? { kind: 'unary', operator: sign.word as '+' | '-', operand: operand.node, wrapped: false }
    : signed(cursor, sign, operand).node;
}

function parseDuration(cursor: Cursor, ...signs: Token[]): Built {
  const rules: OperatorRules<Built> = {
    operand: () => parsePrimary(cursor),
    precedence: () => {
      const { word } = cursor.peek();
      return isDurationOperator(word) ? PRECEDENCE[word] : 0;
    },
    operator() {
      const token = cursor.next();
      return (left, right) => binary(cursor, token, left, right);
    },
    sign: token => operand => signed(cursor, token, operand),
  };
  return parseOperators(cursor, rules, ...signs);
}

/** `from` is told as the place of a literal that is too long. */
function parsePrimary(cursor: Cursor, from?: number): Built {
  const token = cursor.peek();
  const { start } = token;
  const number = parseNumber(cursor);
  if (number) {
    const { value, asDuration } = number;
    return { node: inRange(cursor, from ?? start, { kind: 'literal', value, asDuration }), start };
  }
  if (cursor.accept('(')) return cursor.nested(() => parseParen(cursor, start));
  if (cursor.accept('step', 'range')) {
    cursor.expect('(');
    cursor.expect(')');
    return { node: { kind: token.word as 'step' | 'range', wrapped: false }, start };
  }
  if (!cursor.accept('min_of', 'max_of')) return cursor.unexpected();
  return { node: cursor.nested(() => parsePair(cursor, token.word as 'min_of' | 'max_of')), start };
}

function parsePair(cursor: Cursor, kind: 'min_of' | 'max_of'): DurationNode {
  cursor.expect('(');
  const left = parseDuration(cursor).node;
  cursor.expect(',');
  const right = parseDuration(cursor).node;
  cursor.expect(')');
  return { kind, left, right, wrapped: false };
}

/** A literal in parentheses becomes a sum of one, as in the original, whose literals cannot be wrapped. */
function parseParen(cursor: Cursor, start: number): Built {
  const { node } = parseDuration(cursor);
  cursor.expect(')');
  return {
    node:
      node.kind === 'literal'
        ? { kind: 'unary', operator: '+', operand: node, wrapped: true }
        : { ...node, wrapped: true },
    start,
  };
}

function signed(cursor: Cursor, sign: Token, { node }: Built): Built {
  const { start } = sign;
  const isNegative = sign.word === '-';
  if (node.kind === 'literal')
    return { node: inRange(cursor, start, { ...node, value: isNegative ? -node.value : node.value }), start };
  return { node: isNegative ? { kind: 'unary', operator: '-', operand: node, wrapped: false } : node, start };
}

function inRange(
  cursor: Cursor,
  start: number,
  literal: Extract<DurationNode, { kind: 'literal' }>,
): DurationNode {
  // NaN is no duration either.
  if (!(Math.abs(literal.value) < MAX_SECONDS)) cursor.fail({ start }, 'duration out of range');
  return literal;
}

function binary(cursor: Cursor, token: Token, left: Built, right: Built): Built {
  const operator = token.word as DurationOperator;
  if ((operator === '/' || operator === '%') && right.node.kind === 'literal' && right.node.value === 0)
    cursor.fail(token, operator === '/' ? 'division by zero' : 'modulo by zero');
  return {
    node: { kind: 'binary', operator, left: left.node, right: right.node, wrapped: false },
    start: left.start,
  };
}
