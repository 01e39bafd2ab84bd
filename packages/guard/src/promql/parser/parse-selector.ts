import {
  createMatcher,
  type Matcher,
  type MatchOperator,
  METRIC_NAME,
  messageOf,
  UserError,
} from '../../core/index.ts';
import type { VectorSelector } from '../ast.ts';
import { type Cursor, spanOf } from './cursor.ts';
import { unquote } from './string-literal.ts';
import type { Token } from './token.ts';

const AT_MATCHER = { name: 'label matching', expected: 'identifier or "}"' };
const AFTER_MATCHER = { name: 'label matching', expected: '"," or "}"' };
const AT_OPERATOR = { name: 'label matching', expected: 'label matching operator' };
const AT_VALUE = { name: 'label matching', expected: 'string' };

const MATCH_OPERATORS = ['=', '!=', '=~', '!~'] as const satisfies readonly MatchOperator[];

/** Parses a selector whose name, where it has one before the braces, has been read. */
export function parseSelector(cursor: Cursor, name: Token | undefined): VectorSelector {
  const first = name ?? cursor.peek();
  const open = cursor.accept('{');
  const matchers = open ? parseMatchers(cursor) : [];
  const last = open ? cursor.expect('}') : first;
  if (name) matchers.push(createMatcher(METRIC_NAME, '=', name.text));
  return {
    type: 'vector',
    name: name?.text ?? '',
    matchers,
    offset: undefined,
    at: undefined,
    modifier: undefined,
    span: spanOf(first, last),
  };
}

function parseMatchers(cursor: Cursor): Matcher[] {
  const matchers: Matcher[] = [];
  while (!cursor.at('}')) {
    matchers.push(parseMatcher(cursor));
    if (!cursor.accept(',') && !cursor.at('}')) cursor.unexpected(AFTER_MATCHER);
  }
  return matchers;
}

function parseMatcher(cursor: Cursor): Matcher {
  const label = cursor.acceptKind('identifier', 'string') ?? cursor.unexpected(AT_MATCHER);
  const isQuoted = label.kind === 'string';
  const name = isQuoted ? unquote(label.text) : label.text;
  const operator = cursor.accept(...MATCH_OPERATORS);
  // A quoted name alone is the metric's.
  if (!operator) return isQuoted ? createMatcher(METRIC_NAME, '=', name) : cursor.unexpected(AT_OPERATOR);
  const value = unquote((cursor.acceptKind('string') ?? cursor.unexpected(AT_VALUE)).text);
  if (operator.word.endsWith('~') && !value.isWellFormed()) checkBytes(cursor, label, value);
  try {
    return createMatcher(name, operator.word as MatchOperator, value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return cursor.fail(label, messageOf(error.cause));
  }
}

/** Bytes that are no character may stand in plain alternatives, as in Prometheus, but not in what must be compiled. */
function checkBytes(cursor: Cursor, label: Token, pattern: string): void {
  if (!/[\\.+*?()[\]{}^$]/.test(pattern)) return;
  const rest = pattern.slice(/[\udc80-\udcff]/.exec(pattern)!.index).toWellFormed();
  cursor.fail(label, `error parsing regexp: invalid UTF-8: \`${rest}\``);
}
