import type { Expr } from '../ast.ts';
import { type Cursor, spanOf } from './cursor.ts';
import { parseAggregate } from './parse-aggregate.ts';
import { parseCall } from './parse-call.ts';
import { parseExpression } from './parse-expression.ts';
import { parseNumber } from './parse-number.ts';
import { parsePostfixes } from './parse-postfixes.ts';
import { parseSelector } from './parse-selector.ts';
import { unquote } from './string-literal.ts';
import type { Token, TokenKind } from './token.ts';

/** Keywords and operators that are metric names where an operand stands. */
const ALSO_NAMES: ReadonlySet<string> = new Set([
  'and',
  'or',
  'unless',
  'by',
  'without',
  'offset',
  'anchored',
  'smoothed',
  'fill',
  'fill_left',
  'fill_right',
]);

const OPERAND_KINDS: ReadonlySet<TokenKind> = new Set([
  'number',
  'duration',
  'string',
  'identifier',
  'metric identifier',
  'aggregator',
  'preprocessor',
]);
const NAME_KINDS: ReadonlySet<TokenKind> = new Set([
  'identifier',
  'metric identifier',
  'aggregator',
  'preprocessor',
]);
const OPENERS: ReadonlySet<string> = new Set(['(', '{', '+', '-']);

/** Whether an expression can begin with a token. */
export const beginsOperand = ({ kind, word }: Token): boolean =>
  OPERAND_KINDS.has(kind) || OPENERS.has(word) || ALSO_NAMES.has(word);

/** Whether a token is a metric's name where a selector stands. */
export const isMetricName = ({ kind, word }: Token): boolean => NAME_KINDS.has(kind) || ALSO_NAMES.has(word);

/** Parses one operand with the ranges, offsets and the like that follow it. */
export function parseOperand(cursor: Cursor): Expr {
  return parsePostfixes(cursor, parsePrimary(cursor));
}

function parsePrimary(cursor: Cursor): Expr {
  const token = cursor.peek();
  switch (token.kind) {
    case 'number':
    case 'duration':
      return parseNumber(cursor)!;
    case 'string':
      cursor.next();
      return { type: 'string', value: unquote(token.text), span: spanOf(token, token) };
    case 'identifier':
    case 'preprocessor':
      cursor.next();
      return cursor.at('(') ? parseCall(cursor, token) : parseSelector(cursor, token);
    case 'aggregator':
      cursor.next();
      return cursor.at('(', 'by', 'without') ? parseAggregate(cursor, token) : parseSelector(cursor, token);
    default:
      return parseName(cursor, token);
  }
}

function parseName(cursor: Cursor, token: Token): Expr {
  if (token.kind === 'metric identifier' || ALSO_NAMES.has(token.word))
    return parseSelector(cursor, cursor.next());
  if (token.word === '{') return parseSelector(cursor, undefined);
  return cursor.accept('(') ? cursor.nested(() => parseParen(cursor, token)) : cursor.unexpected();
}

function parseParen(cursor: Cursor, open: Token): Expr {
  const expr = parseExpression(cursor);
  return { type: 'paren', expr, span: spanOf(open, cursor.expect(')')) };
}
