import type { MatchOperator } from '../core/index.ts';
import { goUnquote } from './go-text.ts';
import type { MatcherParts } from './matcher-parts.ts';

type TokenKind = 'open' | 'close' | 'comma' | 'operator' | 'quoted' | 'unquoted' | 'end';
interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in the input, for messages. */
  readonly at: number;
}

const TOKENS: ReadonlyArray<readonly [TokenKind, RegExp]> = [
  ['open', /\{/y],
  ['close', /\}/y],
  ['comma', /,/y],
  ['operator', /=~|=|!=|!~/y],
  ['quoted', /"(?:[^"\\]|\\.)*"/sy],
  ['unquoted', /[^\s{}!=~,\\"'`]+/y],
];

/**
 * The UTF-8 form (Alertmanager matcher/parse): names and values in double quotes with Go's escapes, or bare without
 * reserved characters. Throws on what it cannot read.
 */
export function parseUtf8Matchers(text: string): MatcherParts[] {
  const tokens = tokenize(text);
  let next = 0;
  const peek = () => tokens[next]!;
  const take = (...kinds: TokenKind[]): Token => {
    const token = peek();
    if (!kinds.includes(token.kind))
      throw new Error(
        `column ${token.at + 1}: expected ${kinds.join(' or ')}, found ${token.text || 'the end'}`,
      );
    next++;
    return token;
  };
  const matcher = (): MatcherParts => ({
    name: textOf(take('quoted', 'unquoted')),
    operator: take('operator').text as MatchOperator,
    value: textOf(take('quoted', 'unquoted')),
  });

  const parts: MatcherParts[] = [];
  const braced = peek().kind === 'open';
  if (braced) next++;
  const done = () => peek().kind === (braced ? 'close' : 'end');
  while (!done()) {
    parts.push(matcher());
    if (!done()) take('comma');
  }
  if (braced) take('close');
  take('end');
  return parts;
}

const textOf = (token: Token) => (token.kind === 'quoted' ? goUnquote(token.text) : token.text);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const token = scan(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

function scan(text: string, at: number): Token {
  for (const [kind, shape] of TOKENS) {
    shape.lastIndex = at;
    const match = shape.exec(text);
    if (match) return { kind, text: match[0], at };
  }
  throw new Error(`column ${at + 1}: invalid input ${text.slice(at, at + 20)}`);
}
