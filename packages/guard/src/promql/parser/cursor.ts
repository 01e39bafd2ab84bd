import type { Span } from '../ast.ts';
import { parseError } from '../errors.ts';
import { MAX_NESTING, tooDeep } from './depth.ts';
import { createScanner } from './scanner.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';

/** Reads tokens one after the other, one ahead, and tells what was not expected. */
export interface Cursor {
  readonly text: string;
  /** The next token. @throws UserError where the text stops being tokens */
  peek(): Token;
  next(): Token;
  /** The token that was taken last. */
  previous(): Token;
  /** Whether the next token is this keyword, operator or punctuation. */
  at(...words: string[]): boolean;
  /** The next token if it is one of these. */
  accept(...words: string[]): Token | undefined;
  acceptKind(...kinds: TokenKind[]): Token | undefined;
  expect(word: string): Token;
  /** Refuses the next token. `context` is what is being parsed; by default what encloses it. */
  unexpected(context?: Context): never;
  fail(at: Pick<Span, 'start'>, message: string, remedy?: string): never;
  /** Parses a part in which an unexpected token is told as one of `context`. */
  within<T>(context: Context, parse: () => T): T;
  /** Parses a part that lies one level deeper. */
  nested<T>(parse: () => T): T;
}

/** What Prometheus names when a token is unexpected (the error productions of generated_parser.y). */
export interface Context {
  readonly name: string;
  readonly expected?: string;
}

const TOP: Context = { name: '' };

export function createCursor(text: string): Cursor {
  const scan = createScanner(text);
  let ahead: Token | undefined;
  let taken: Token | undefined;
  let context = TOP;
  let depth = 0;

  const cursor: Cursor = {
    text,
    peek() {
      ahead ??= scan();
      return ahead.kind === 'error' ? cursor.fail(ahead, ahead.text) : ahead;
    },
    next() {
      taken = cursor.peek();
      ahead = undefined;
      return taken;
    },
    previous: () => taken ?? cursor.peek(),
    at: (...words) => words.includes(cursor.peek().word),
    accept: (...words) => (cursor.at(...words) ? cursor.next() : undefined),
    acceptKind: (...kinds) => (kinds.includes(cursor.peek().kind) ? cursor.next() : undefined),
    expect: word => cursor.accept(word) ?? cursor.unexpected(),
    unexpected({ name, expected } = context) {
      const token = cursor.peek();
      const where = name === '' ? '' : ` in ${name}`;
      const wanted = expected === undefined ? '' : `, expected ${expected}`;
      return cursor.fail(token, `unexpected ${describeToken(token)}${where}${wanted}`);
    },
    fail({ start }, message, remedy) {
      throw parseError(text, start, message, remedy);
    },
    within(inner, parse) {
      const outer = context;
      context = inner;
      const result = parse();
      context = outer;
      return result;
    },
    nested(parse) {
      if (++depth > MAX_NESTING) throw tooDeep(text, cursor.peek().start);
      const result = parse();
      depth--;
      return result;
    },
  };
  return cursor;
}

/** The span from one token or node to the end of another. */
export const spanOf = ({ start, line, column }: Span, { end }: Pick<Span, 'end'>): Span => ({
  start,
  end,
  line,
  column,
});
