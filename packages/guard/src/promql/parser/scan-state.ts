import { goQuote } from '../../core/index.ts';
import { scanNumber } from './scan-number.ts';
import { scanString } from './scan-string.ts';
import type { TokenKind } from './token.ts';

/** What is open, and so what the next characters can mean. */
export interface ScanState {
  readonly text: string;
  /** Where the next token begins. */
  at: number;
  parens: number;
  inBraces: boolean;
  inBrackets: boolean;
  /** Right after `[`, until the first number: only what durations are made of is allowed. */
  inDuration: boolean;
  hasDuration: boolean;
  hasColon: boolean;
  /** Hands out the token that begins at `at` and ends at `end`. */
  take(kind: TokenKind, word: string, end: number): void;
}

/** Ends the scan; becomes the last token. */
export class ScanError {
  readonly message: string;
  readonly start: number;
  constructor(message: string, start: number) {
    this.message = message;
    this.start = start;
  }
}

const SPACES = /[ \t\n\r]+/y;

export const skipSpaces = (text: string, from: number): number => endOf(SPACES, text, from);

/** Where a sticky pattern's match at `from` ends; `from` when there is none. */
export function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** The character at an offset, both halves of a surrogate pair; '' at the end. */
export const runeAt = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : '';

export const isQuote = (unit: string): boolean => unit === '"' || unit === "'" || unit === '`';

export function takePunctuation(state: ScanState): void {
  state.take('punctuation', state.text[state.at]!, state.at + 1);
}

export function takeNumber({ text, at, take }: ScanState): void {
  const { kind, end } = scanNumber(text, at);
  if (!kind) throw new ScanError(`bad number or duration syntax: ${goQuote(text.slice(at, end))}`, at);
  take(kind, '', end);
}

export function takeString({ text, at, take }: ScanState): void {
  const scanned = scanString(text, at);
  if ('problem' in scanned) throw new ScanError(scanned.problem, at);
  take('string', '', scanned.end);
}

/** What the original finds out after it has taken a character, here and at colons, is told of the place behind it. */
export function takeParen(state: ScanState): void {
  state.parens += state.text[state.at] === '(' ? 1 : -1;
  if (state.parens < 0) throw new ScanError("unexpected right parenthesis ')'", state.at + 1);
  takePunctuation(state);
}

export function closeBracket(state: ScanState): void {
  if (!state.inBrackets) throw new ScanError("unexpected right bracket ']'", state.at);
  takePunctuation(state);
  state.inBrackets = false;
  state.inDuration = false;
}
