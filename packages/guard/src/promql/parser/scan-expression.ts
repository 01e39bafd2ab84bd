import { goQuoteRune } from '../../core/index.ts';
import { isDigit, isNameStart } from './characters.ts';
import { openBracket, takeWordInBrackets } from './scan-brackets.ts';
import {
  closeBracket,
  endOf,
  isQuote,
  runeAt,
  ScanError,
  type ScanState,
  skipSpaces,
  takeNumber,
  takeParen,
  takePunctuation,
  takeString,
} from './scan-state.ts';
import { kindOfWord, type TokenKind } from './token.ts';

/** Longest first. `=~` and `!~` are for braces alone. */
const OPERATORS = ['==', '!=', '<=', '</', '<', '>=', '>/', '>', '+', '-', '*', '/', '%', '^', '@'];
const WORD = /[A-Za-z_:][\w:]*/y;
/** Kinds that the parser does not tell apart by word. */
const NAMELESS: ReadonlySet<TokenKind> = new Set(['identifier', 'metric identifier', 'number']);

/** Scans one token outside braces, and in brackets after the first number. */
export function scanInExpression(state: ScanState): void {
  const { text, at } = state;
  const unit = text[at]!;
  if (unit === '(' || unit === ')') takeParen(state);
  else if (isDigit(unit) || (unit === '.' && isDigit(text[at + 1] ?? ''))) takeNumber(state);
  else if (isNameStart(unit) || unit === ':') {
    if (state.inBrackets) takeWordInBrackets(state);
    else takeWord(state);
  } else if (isQuote(unit)) takeString(state);
  else if (unit === '{') {
    takePunctuation(state);
    state.inBraces = true;
  } else if (unit === '[') openBracket(state);
  else if (unit === ']') closeBracket(state);
  else if (unit === ',') takePunctuation(state);
  else takeOperator(state);
}

function takeWord({ text, at, take }: ScanState): void {
  const end = endOf(WORD, text, at);
  const word = text.slice(at, end).toLowerCase();
  // The fill modifiers are words like any other where no parenthesis follows.
  const isPlainFill = /^fill(?:_left|_right)?$/.test(word) && text[skipSpaces(text, end)] !== '(';
  const kind = isPlainFill ? 'identifier' : kindOfWord(word);
  take(kind, NAMELESS.has(kind) ? '' : word, end);
}

function takeOperator(state: ScanState): void {
  const { text, at } = state;
  const operator = OPERATORS.find(each => text.startsWith(each, at));
  if (operator !== undefined) state.take('operator', operator, at + operator.length);
  else if (text[at] === '=' && text[at + 1] !== '~') takePunctuation(state);
  else throw new ScanError(problemAt(text, at), at);
}

function problemAt(text: string, at: number): string {
  const [first, second] = [runeAt(text, at), runeAt(text, at + 1)];
  return first === '!' || first === '='
    ? `unexpected character after '${first}': ${goQuoteRune(second)}`
    : `unexpected character: ${goQuoteRune(first)}`;
}
