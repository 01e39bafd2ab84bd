import { goQuoteRune } from '../../core/index.ts';
import { isNameStart } from './characters.ts';
import {
  endOf,
  isQuote,
  runeAt,
  ScanError,
  type ScanState,
  takePunctuation,
  takeString,
} from './scan-state.ts';

const NAME = /\w+/y;

/** Scans one token of a selector's braces, where no word is a keyword. */
export function scanInBraces(state: ScanState): void {
  const unit = state.text[state.at]!;
  if (isNameStart(unit)) state.take('identifier', '', endOf(NAME, state.text, state.at));
  else if (isQuote(unit)) takeString(state);
  else if (unit === ',') takePunctuation(state);
  else if (unit === '}') {
    takePunctuation(state);
    state.inBraces = false;
  } else if (unit === '{') throw new ScanError("unexpected left brace '{'", state.at);
  else takeMatchOperator(state);
}

const MATCH_OPERATORS = ['=~', '!~', '!='];

function takeMatchOperator(state: ScanState): void {
  const { text, at } = state;
  const operator = MATCH_OPERATORS.find(each => text.startsWith(each, at));
  if (operator !== undefined) state.take('operator', operator, at + operator.length);
  else if (text[at] === '=') takePunctuation(state);
  else throw new ScanError(problemAt(text, at), at);
}

const problemAt = (text: string, at: number): string =>
  text[at] === '!'
    ? `unexpected character after '!' inside braces: ${goQuoteRune(runeAt(text, at + 1))}`
    : `unexpected character inside braces: ${goQuoteRune(runeAt(text, at))}`;
