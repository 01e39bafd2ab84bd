import { goQuote } from '../../core/index.ts';
import type { Cursor } from './cursor.ts';
import { unquote } from './string-literal.ts';

const AFTER_KEYWORD = { name: 'grouping opts', expected: '"("' };
const AT_LABEL = { name: 'grouping opts', expected: 'label' };
const AFTER_LABEL = { name: 'grouping opts', expected: '"," or ")"' };

/** Parses the names in parentheses after `by`, `on`, `group_left` and the like; a comma may follow the last. */
export function parseLabelNames(cursor: Cursor): string[] {
  if (!cursor.accept('(')) cursor.unexpected(AFTER_KEYWORD);
  const names: string[] = [];
  while (!cursor.accept(')')) {
    names.push(parseLabelName(cursor));
    if (!cursor.accept(',') && !cursor.at(')')) cursor.unexpected(AFTER_LABEL);
  }
  return names;
}

/** Keywords are names here, but for `without` and numbers. */
function parseLabelName(cursor: Cursor): string {
  const token = cursor.peek();
  switch (token.kind) {
    case 'identifier':
    case 'metric identifier':
    case 'aggregator':
    case 'preprocessor':
      return cursor.next().text;
    case 'keyword':
      return token.word === 'without' ? cursor.unexpected(AT_LABEL) : cursor.next().text;
    case 'operator':
      return /^[a-z]/.test(token.word) ? cursor.next().text : cursor.unexpected(AT_LABEL);
    case 'string': {
      const name = unquote(cursor.next().text);
      return name !== '' && name.isWellFormed()
        ? name
        : cursor.fail(token, `invalid label name for grouping: ${goQuote(name)}`);
    }
    default:
      return cursor.unexpected(AT_LABEL);
  }
}
