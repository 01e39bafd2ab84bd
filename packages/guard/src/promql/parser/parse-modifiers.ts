import type { VectorMatching } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { parseLabelNames } from './parse-label-names.ts';
import { parseNumber } from './parse-number.ts';
import { beginsOperand } from './parse-operand.ts';

/** What stands between a binary operator and its right side. */
export interface Modifiers {
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
  /** Whether there is a `fill` of any kind, which Prometheus has behind a flag. */
  readonly fills: boolean;
}

/** Parses `bool`, `on` or `ignoring`, `group_left` or `group_right`, and `fill`, each of which may be missing. */
export function parseModifiers(cursor: Cursor): Modifiers {
  const returnBool = cursor.accept('bool') !== undefined;
  const matching = parseMatching(cursor);
  return { returnBool, matching, fills: parseFills(cursor) };
}

function parseMatching(cursor: Cursor): VectorMatching {
  const by = cursor.accept('on', 'ignoring');
  if (!by) return { cardinality: 'one-to-one', on: false, labels: [], include: [] };
  const on = by.word === 'on';
  const labels = parseLabelNames(cursor);
  const group = cursor.accept('group_left', 'group_right');
  if (!group) return { cardinality: 'one-to-one', on, labels, include: [] };
  const cardinality = group.word === 'group_left' ? 'many-to-one' : 'one-to-many';
  // A parenthesis here always begins names, never the right side.
  const hasNames = cursor.at('(') || !beginsOperand(cursor.peek());
  return { cardinality, on, labels, include: hasNames ? parseLabelNames(cursor) : [] };
}

const OTHER_SIDE: Readonly<Record<string, string>> = { fill_left: 'fill_right', fill_right: 'fill_left' };

function parseFills(cursor: Cursor): boolean {
  const first = cursor.accept('fill', 'fill_left', 'fill_right');
  if (!first) return false;
  parseFillValue(cursor);
  const other = OTHER_SIDE[first.word];
  if (other && cursor.accept(other)) parseFillValue(cursor);
  return true;
}

function parseFillValue(cursor: Cursor): void {
  cursor.expect('(');
  cursor.accept('+', '-');
  parseNumber(cursor) ?? cursor.unexpected();
  cursor.expect(')');
}
