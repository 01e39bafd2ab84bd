import type { Piece, Token } from './lex.ts';
import { templateError } from './template-error.ts';

type Action = Piece & { readonly kind: 'action' };

/** Walks over the tokens of one action. */
export interface TokenReader {
  /** Where the next token that is no blank begins; the end of the action when there is none. */
  at(): number;
  /** The next token that is no blank; undefined at the end. */
  peek(): Token | undefined;
  /** As `peek`, and goes past it. */
  next(): Token | undefined;
  /** The very next token, blanks included. */
  adjacent(): Token | undefined;
  /** Goes past the next token that is no blank when it is this symbol. */
  take(symbol: string): boolean;
  isDone(): boolean;
  /** What stands before a declaration is read again when it turns out to be none. */
  mark(): number;
  reset(mark: number): void;
  fail(message: string, at?: number): never;
  /** There must be nothing left. */
  finish(context: string): void;
}

export function readTokens(text: string, action: Action): TokenReader {
  const { tokens } = action;
  let index = 0;

  function peek(): Token | undefined {
    while (tokens[index]?.kind === 'space') index++;
    return tokens[index];
  }

  const reader: TokenReader = {
    at: () => peek()?.at ?? action.end,
    peek,
    next() {
      const token = peek();
      if (token) index++;
      return token;
    },
    adjacent: () => tokens[index],
    take(symbol) {
      const token = peek();
      if (token?.kind !== 'symbol' || token.text !== symbol) return false;
      index++;
      return true;
    },
    isDone: () => peek() === undefined,
    mark: () => index,
    reset(mark) {
      index = mark;
    },
    fail(message, at = reader.at()) {
      throw templateError(text, at, message);
    },
    finish(context) {
      const token = peek();
      if (token) reader.fail(`unexpected ${JSON.stringify(token.text)} in ${context}`);
    },
  };
  return reader;
}
