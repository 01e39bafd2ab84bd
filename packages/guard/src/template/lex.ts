import { caretExcerpt, lineAndColumn, UserError } from '../core/index.ts';

export type TokenKind =
  | 'space'
  | 'word'
  | 'field'
  | 'variable'
  | 'number'
  | 'string'
  | 'char'
  | 'symbol'
  | 'dot';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of strings and chars what they stand for. */
  readonly text: string;
  readonly at: number;
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly at: number };

/** What stands between `{{` and `}}`, longest tokens first. */
const TOKEN =
  /(?<space>\s+)|(?<variable>\$[\p{L}\p{Nd}_]*)|(?<field>\.[\p{L}_][\p{L}\p{Nd}_]*)|(?<number>[+-]?(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<char>'(?:[^'\\\n]|\\.)+')|(?<symbol>:=|=|\||\(|\)|,)|(?<dot>\.)/uy;
const OPEN = '{{';
const CLOSE = '}}';

export function templateError(text: string, at: number, message: string): UserError {
  return new UserError('bad-template', message, {
    position: lineAndColumn(text, at),
    excerpt: caretExcerpt(text, at),
  });
}

/** Cuts a template into texts, with trim markers applied and comments gone, and actions. @throws UserError `bad-template` */
export function lexTemplate(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trims = false;
  const addText = (raw: string, trimsEnd: boolean) => {
    const start = trims ? raw.replace(/^[ \t\r\n]+/, '') : raw;
    const shown = trimsEnd ? start.replace(/[ \t\r\n]+$/, '') : start;
    if (shown !== '') pieces.push({ kind: 'text', text: shown });
  };
  for (;;) {
    const open = text.indexOf(OPEN, at);
    if (open === -1) {
      addText(text.slice(at), false);
      return pieces;
    }
    const hasTrim = /^-[ \t\r\n]/.test(text.slice(open + 2, open + 4));
    addText(text.slice(at, open), hasTrim);
    const start = open + 2 + (hasTrim ? 2 : 0);
    const comment =
      /^\s*\/\*/.test(
        text
          .slice(start, start + 80)
          .trimStart()
          .slice(0, 2),
      ) && commentEnd(text, start);
    const { tokens, end } = comment ? { tokens: [], end: comment } : lexAction(text, start);
    if (!comment) pieces.push({ kind: 'action', tokens, at: open });
    trims = text.startsWith(`-${CLOSE}`, end);
    at = end + (trims ? 3 : 2);
  }
}

/** Where the comment's closing delimiter, with or without trim marker, begins. */
function commentEnd(text: string, start: number): number {
  const end = text.indexOf('*/', start);
  if (end === -1) throw templateError(text, start, 'unclosed comment');
  const rest = /^(?:[ \t\r\n]+(?=-\}\})|(?=\}\}))/.exec(text.slice(end + 2));
  if (!rest) throw templateError(text, end, 'a comment ends right before the closing delimiter');
  return end + 2 + rest[0].length;
}

function lexAction(text: string, start: number): { tokens: Token[]; end: number } {
  const tokens: Token[] = [];
  let at = start;
  while (!text.startsWith(CLOSE, at)) {
    if (text.startsWith(`-${CLOSE}`, at) && tokens.at(-1)?.kind === 'space') break;
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) {
      throw templateError(
        text,
        at,
        at >= text.length ? 'unclosed action' : `unexpected ${JSON.stringify(text[at])} in an action`,
      );
    }
    const [kind, raw] = Object.entries(groups).find(([, value]) => value !== undefined) as [
      TokenKind,
      string,
    ];
    tokens.push({ kind, text: kind === 'string' || kind === 'char' ? unquote(text, at, raw) : raw, at });
    at += raw.length;
  }
  return { tokens, end: at };
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unquote(text: string, at: number, raw: string): string {
  const inside = raw.slice(1, -1);
  if (raw.startsWith('`')) return inside;
  return inside.replace(
    /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gs,
    (_, escaped: string) => {
      const [first] = escaped;
      if (/^[xuU].+/.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16));
      if (escaped.length === 3) return String.fromCodePoint(Number.parseInt(escaped, 8));
      const plain = ESCAPES[first!] ?? (/["'\\]/.test(first!) ? first : undefined);
      if (plain === undefined) throw templateError(text, at, `bad escape \\${first} in ${raw}`);
      return plain;
    },
  );
}
