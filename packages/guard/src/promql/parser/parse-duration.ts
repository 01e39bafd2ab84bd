import type { DurationNode, DurationOperator } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { type OperatorRules, POWER_PRECEDENCE, parseOperators, SIGN_PRECEDENCE } from './operators.ts';
import { parseNumber } from './parse-number.ts';
import type { Token } from './token.ts';

/** A duration, where it begins in the text, and from where to where it reaches in bytes. */
interface Built {
  readonly node: DurationNode;
  readonly start: number;
  readonly range: readonly [start: number, end: number];
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
  return isWord ? unary(sign, operand) : signed(cursor, sign, operand).node;
}

const unary = (sign: Token, { node, range }: Built): DurationNode => ({
  kind: 'unary',
  operator: sign.word as '+' | '-',
  operand: node,
  wrapped: false,
  range: [sign.byte, range[1]],
});

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
  const number = parseNumber(cursor);
  if (number) {
    const { value, asDuration } = number;
    const node = inRange(cursor, from ?? token.start, { kind: 'literal', value, asDuration });
    return { node, start: token.start, range: rangeFrom(cursor, token) };
  }
  if (cursor.accept('(')) return cursor.nested(() => parseParen(cursor, token));
  if (cursor.accept('step', 'range')) return parseQueryTime(cursor, token);
  return cursor.accept('min_of', 'max_of')
    ? cursor.nested(() => parsePair(cursor, token))
    : cursor.unexpected();
}

/** From a token to the one that was taken last; in durations there is nothing but ASCII. */
function rangeFrom(cursor: Cursor, first: Token): readonly [number, number] {
  const last = cursor.previous();
  return [first.byte, last.byte + last.end - last.start];
}

function parseQueryTime(cursor: Cursor, name: Token): Built {
  cursor.expect('(');
  cursor.expect(')');
  const range = rangeFrom(cursor, name);
  return { node: { kind: name.word as 'step' | 'range', wrapped: false, range }, start: name.start, range };
}

function parsePair(cursor: Cursor, name: Token): Built {
  cursor.expect('(');
  const left = parseDuration(cursor).node;
  cursor.expect(',');
  const right = parseDuration(cursor).node;
  cursor.expect(')');
  const range = rangeFrom(cursor, name);
  const kind = name.word as 'min_of' | 'max_of';
  return { node: { kind, left, right, wrapped: false, range }, start: name.start, range };
}

/** A literal in parentheses becomes a sum of one, as in the original, whose literals cannot be wrapped. */
function parseParen(cursor: Cursor, open: Token): Built {
  const { node, range } = parseDuration(cursor);
  cursor.expect(')');
  if (node.kind !== 'literal') return { node: { ...node, wrapped: true }, start: open.start, range };
  const from = open.byte;
  const sum: DurationNode = {
    kind: 'unary',
    operator: '+',
    operand: node,
    wrapped: true,
    range: [from, range[1]],
  };
  return { node: sum, start: open.start, range: [from, range[1]] };
}

function signed(cursor: Cursor, sign: Token, operand: Built): Built {
  const { start } = sign;
  const { node } = operand;
  const isNegative = sign.word === '-';
  const range = [sign.byte, operand.range[1]] as const;
  if (node.kind === 'literal') {
    const literal = { ...node, value: isNegative ? -node.value : node.value };
    return { node: inRange(cursor, start, literal), start, range };
  }
  return isNegative ? { node: unary(sign, operand), start, range } : { ...operand, start };
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
  const range = [left.range[0], right.range[1]] as const;
  return {
    node: { kind: 'binary', operator, left: left.node, right: right.node, wrapped: false, range },
    start: left.start,
    range,
  };
}
