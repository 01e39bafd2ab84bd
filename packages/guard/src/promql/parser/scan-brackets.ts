import { goQuoteRune } from '../../core/index.ts';
import { isDigit } from './characters.ts';
import {
  closeBracket,
  endOf,
  runeAt,
  ScanError,
  type ScanState,
  takeNumber,
  takeParen,
  takePunctuation,
} from './scan-state.ts';

const DURATION_WORDS: ReadonlySet<string> = new Set(['step', 'range', 'max_of', 'min_of']);
const LETTERS = /[A-Za-z_]+/y;

export function openBracket(state: ScanState): void {
  if (state.inBrackets) throw new ScanError("unexpected left bracket '['", state.at);
  takePunctuation(state);
  Object.assign(state, { inBrackets: true, inDuration: true, hasDuration: false, hasColon: false });
}

/** Scans one token between `[` and the first number: only what durations are made of is allowed, no comments. */
export function scanInDuration(state: ScanState): void {
  const { text, at } = state;
  const unit = text[at]!;
  if (unit === '(' || unit === ')') takeParen(state);
  else if (unit === ']') closeBracket(state);
  else if (unit === ':') takeFirstColon(state);
  else if ('+-*/%^'.includes(unit)) state.take('operator', unit, at + 1);
  else if (unit === ',') takePunctuation(state);
  else if (isDigit(unit) || (unit === '.' && isDigit(text[at + 1] ?? ''))) {
    takeNumber(state);
    Object.assign(state, { hasDuration: true, inDuration: false });
  } else if (takeDurationWord(state)) state.hasDuration = true;
  else {
    const shown = goQuoteRune(runeAt(text, at));
    throw new ScanError(`unexpected character in duration expression: ${shown}`, at);
  }
}

function takeFirstColon(state: ScanState): void {
  const after = state.at + 1;
  if (!state.hasDuration)
    throw new ScanError('unexpected colon before duration in duration expression', after);
  if (state.hasColon) throw new ScanError('unexpected repeated colon in duration expression', after);
  takePunctuation(state);
  state.hasColon = true;
}

/** After a number in brackets: the colon of a subquery, or a word of durations. */
export function takeWordInBrackets(state: ScanState): void {
  const { text, at } = state;
  if (text[at] === ':') {
    if (state.hasColon) throw new ScanError("unexpected colon ':'", at);
    takePunctuation(state);
    state.hasColon = true;
  } else if (!takeDurationWord(state))
    throw new ScanError(`unexpected character: ${goQuoteRune(text[at]!)}, expected ':'`, at);
}

function takeDurationWord({ text, at, take }: ScanState): boolean {
  const end = endOf(LETTERS, text, at);
  const word = text.slice(at, end).toLowerCase();
  if (!DURATION_WORDS.has(word)) return false;
  take('preprocessor', word, end);
  return true;
}
