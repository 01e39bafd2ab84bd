import type { NumberLiteral } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { readDuration, readNumber } from './number-literal.ts';

/** Parses an unsigned number or duration; undefined when none is ahead. */
export function parseNumber(cursor: Cursor): NumberLiteral | undefined {
  const token = cursor.acceptKind('number', 'duration');
  if (!token) return undefined;
  const read = token.kind === 'number' ? readNumber(token.text) : readDuration(token.text);
  if ('problem' in read) return cursor.fail(token, read.problem);
  const { start, end, line, column } = token;
  return {
    type: 'number',
    value: read.value,
    asDuration: token.kind === 'duration',
    span: { start, end, line, column },
  };
}
