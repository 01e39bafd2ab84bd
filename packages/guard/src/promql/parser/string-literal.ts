import { unsupported } from '../errors.ts';
import { scanString } from './scan-string.ts';
import type { Token } from './token.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The value of a string token. @throws UserError `unsupported-promql` when its escapes make no UTF-8 */
export function unquote(text: string, token: Token): string {
  const value = unquoteLiteral(token.text);
  if (value === undefined)
    throw unsupported(text, token.start, 'strings whose bytes are not UTF-8 are not supported');
  return value;
}

/** The value of a text that is one literal; undefined when it is not. */
export function readStringLiteral(text: string): string | undefined {
  if (!/^["'`]/.test(text)) return undefined;
  const scanned = scanString(text, 0);
  return 'end' in scanned && scanned.end === text.length ? unquoteLiteral(text) : undefined;
}

/** The value of a literal that the scanner has found to be one; undefined when its bytes are not UTF-8. */
export function unquoteLiteral(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (literal[0] === '`' || !body.includes('\\')) return body;
  const bytes: number[] = [];
  let at = 0;
  for (let next = body.indexOf('\\'); next !== -1; next = body.indexOf('\\', at)) {
    pushText(bytes, body.slice(at, next));
    at = next + pushEscape(bytes, body, next);
  }
  pushText(bytes, body.slice(at));
  return decode(Uint8Array.from(bytes));
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

function pushText(bytes: number[], text: string): void {
  for (const byte of encoder.encode(text)) bytes.push(byte);
}

/** Appends the escape that begins at `start`; answers its length. */
function pushEscape(bytes: number[], body: string, start: number): number {
  const kind = body[start + 1]!;
  const digits = (length: number, from: number, base: number): number =>
    Number.parseInt(body.slice(from, from + length), base);
  if (kind >= '0' && kind <= '7') {
    bytes.push(digits(3, start + 1, 8));
    return 4;
  }
  if (kind === 'x') {
    bytes.push(digits(2, start + 2, 16));
    return 4;
  }
  if (kind === 'u' || kind === 'U') {
    const length = kind === 'u' ? 4 : 8;
    pushText(bytes, String.fromCodePoint(digits(length, start + 2, 16)));
    return 2 + length;
  }
  pushText(bytes, SIMPLE_ESCAPES[kind] ?? kind);
  return 2;
}
