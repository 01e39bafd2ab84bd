import { createPlaces } from '../places.ts';
import { scanInBraces } from './scan-braces.ts';
import { scanInDuration } from './scan-brackets.ts';
import { scanInExpression } from './scan-expression.ts';
import { endOf, ScanError, type ScanState, skipSpaces } from './scan-state.ts';
import type { Token, TokenKind } from './token.ts';

const COMMENT = /#[^\n\r]*/y;

/** Answers the tokens of a text one after the other; again and again the last, an `end` or an `error`. */
export type Scanner = () => Token;

/** Splits a PromQL expression into tokens, as Prometheus's lexer does (promql/parser/lex.go), comments left out. */
export function createScanner(text: string): Scanner {
  const placeOf = createPlaces(text);
  let token: Token | undefined;
  const emit = (kind: TokenKind, value: string, word: string, start: number, end: number): Token => {
    const { line, column, byte } = placeOf(start);
    return { kind, text: value, word, start, end, line, column, byte };
  };
  const state: ScanState = {
    text,
    at: 0,
    parens: 0,
    inBraces: false,
    inBrackets: false,
    inDuration: false,
    hasDuration: false,
    hasColon: false,
    take(kind, word, end) {
      token = emit(kind, text.slice(state.at, end), word, state.at, end);
      state.at = end;
    },
  };
  return () => {
    if (token?.kind === 'end' || token?.kind === 'error') return token;
    token = undefined;
    try {
      while (!token) scanOne(state);
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      token = emit('error', error.message, '', error.start, text.length);
    }
    return token;
  };
}

/** Takes a token, or steps over a comment. */
function scanOne(state: ScanState): void {
  const { text } = state;
  state.at = skipSpaces(text, state.at);
  if (state.at >= text.length) takeEnd(state);
  else if (text[state.at] === '#' && !state.inDuration) state.at = endOf(COMMENT, text, state.at);
  else if (state.inBraces) scanInBraces(state);
  else if (state.inDuration) scanInDuration(state);
  else scanInExpression(state);
}

function takeEnd({ at, inBraces, inBrackets, parens, inDuration, take }: ScanState): void {
  if (inBraces) throw new ScanError('unexpected end of input inside braces', at);
  if (inDuration) throw new ScanError('unexpected end of input in duration expression', at);
  if (parens !== 0) throw new ScanError('unclosed left parenthesis', at);
  if (inBrackets) throw new ScanError('unclosed left bracket', at);
  take('end', '', at);
}
