import { goDescribeRune } from '../core/index.ts';
import { templateError } from './template-error.ts';

export type TokenKind =
  | 'space'
  | 'identifier'
  | 'keyword'
  | 'field'
  | 'variable'
  | 'dot'
  | 'number'
  | 'string'
  | 'char'
  | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  readonly at: number;
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** What stands between `{{` and `}}`; `end` is the offset of the latter. */
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly at: number; readonly end: number };

const KEYWORDS: ReadonlySet<string> = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
]);

const OPEN = '{{';
const CLOSE = '}}';
const TRIM_CLOSE = /[ \t\r\n]-\}\}/y;
const SPACES_AT_START = /^[ \t\r\n]+/;
const SPACES_AT_END = /[ \t\r\n]+$/;

/**
 * Cuts a template into texts, with trim markers applied and comments gone, and actions, as Go's lexer does
 * (text/template/parse/lex.go). @throws UserError `bad-template`
 */
export function lexTemplate(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trims = false;
  for (;;) {
    const open = text.indexOf(OPEN, at);
    const raw = trims
      ? text.slice(at, open === -1 ? undefined : open).replace(SPACES_AT_START, '')
      : text.slice(at, open === -1 ? undefined : open);
    const trimsBefore = open !== -1 && /^-[ \t\r\n]/.test(text.slice(open + 2, open + 4));
    const shown = trimsBefore ? raw.replace(SPACES_AT_END, '') : raw;
    if (shown !== '') pieces.push({ kind: 'text', text: shown });
    if (open === -1) return pieces;
    const start = open + (trimsBefore ? 4 : 2);
    const action = text.startsWith('/*', start) ? { end: commentEnd(text, start) } : lexAction(text, start);
    if ('tokens' in action) pieces.push({ kind: 'action', at: open, ...action });
    trims = !text.startsWith(CLOSE, action.end);
    at = action.end + (trims ? 4 : 2);
    // The blank and the dash belong to the delimiter.
    if (trims) at = action.end + ' -}}'.length;
  }
}

/** Where the delimiter that closes the comment begins, with its trim marker. */
function commentEnd(text: string, start: number): number {
  const close = text.indexOf('*/', start + 2);
  if (close === -1) throw templateError(text, start, 'unclosed comment');
  const end = close + 2;
  if (!isAtClose(text, end))
    throw templateError(text, close, 'a comment ends right before the closing delimiter');
  return end;
}

function isAtClose(text: string, at: number): boolean {
  if (text.startsWith(CLOSE, at)) return true;
  TRIM_CLOSE.lastIndex = at;
  return TRIM_CLOSE.test(text);
}

function lexAction(text: string, start: number): { tokens: Token[]; end: number } {
  const tokens: Token[] = [];
  let at = start;
  let depth = 0;
  while (!isAtClose(text, at)) {
    if (at >= text.length) throw templateError(text, start, 'unclosed action');
    const token = lexToken(text, at);
    if (token.text === '(') depth++;
    if (token.text === ')' && --depth < 0) throw templateError(text, at, 'unexpected right parenthesis');
    tokens.push(token);
    at += token.text.length;
  }
  if (depth > 0) throw templateError(text, at, 'unclosed parenthesis');
  return { tokens, end: at };
}

/** The first that matches wins; a blank before a trim marker belongs to the delimiter. */
const TOKENS: ReadonlyArray<readonly [kind: TokenKind, pattern: RegExp]> = [
  ['space', /[ \t\r\n]+?(?=[ \t\r\n]-\}\})|[ \t\r\n]+/y],
  ['symbol', /:=|[=|()]/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\[^\n])*'/y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['field', /\.(?!\d)[\p{L}\p{Nd}_]*/uy],
  [
    'number',
    /(?=[+\-.\d])[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y,
  ],
  ['identifier', /[\p{L}\p{Nd}_]+/uy],
  ['symbol', /[!-~]/y],
];

function lexToken(text: string, at: number): Token {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return checked(text, kindOf(kind, found), found, at);
  }
  const rune = String.fromCodePoint(text.codePointAt(at)!);
  throw templateError(text, at, `unrecognized character in action: ${goDescribeRune(rune)}`);
}

function kindOf(kind: TokenKind, text: string): TokenKind {
  if (kind === 'field' && text === '.') return 'dot';
  return kind === 'identifier' && KEYWORDS.has(text) ? 'keyword' : kind;
}

const UNCLOSED: Readonly<Record<string, string>> = {
  '"': 'unterminated quoted string',
  '`': 'unterminated raw quoted string',
  "'": 'unterminated character constant',
};

/** What may stand right behind a name. */
const TERMINATOR = /^(?:[ \t\r\n.,|:)(]|\}\}|$)/;

function checked(text: string, kind: TokenKind, token: string, at: number): Token {
  const end = at + token.length;
  const rest = text.slice(end, end + 2);
  const unclosed = kind === 'symbol' ? UNCLOSED[token] : undefined;
  if (unclosed) throw templateError(text, at, unclosed);
  if (kind === 'symbol' && token === ':') throw templateError(text, at, 'expected :=');
  const isName =
    kind === 'identifier' || kind === 'keyword' || kind === 'field' || kind === 'variable' || kind === 'dot';
  if (isName && !TERMINATOR.test(rest)) {
    const rune = String.fromCodePoint(text.codePointAt(end)!);
    throw templateError(text, end, `bad character ${goDescribeRune(rune)} behind a name`);
  }
  if (kind === 'number' && /^[\p{L}\p{Nd}_+-]/u.test(text.slice(end)))
    throw templateError(text, at, 'bad number syntax, or a complex number, which is not supported');
  return { kind, text: token, at };
}
