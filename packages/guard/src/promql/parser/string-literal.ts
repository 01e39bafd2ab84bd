import { scanString } from './scan-string.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The value of a text that is one literal; undefined when it is not. */
export function readStringLiteral(text: string): string | undefined {
  if (!/^["'`]/.test(text)) return undefined;
  const scanned = scanString(text, 0);
  return 'end' in scanned && scanned.end === text.length ? unquote(text) : undefined;
}

/**
 * The value of a literal that the scanner has found to be one. Go's strings are bytes: one that belongs to no character
 * becomes half a surrogate pair, U+DC80 to U+DCFF, so that the text is not well-formed and no label is equal to it.
 */
export function unquote(literal: string): string {
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

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeBytes(bytes);
  }
}

const LONE_BYTE = 0xdc00;

function decodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const rune = runeAt(bytes, at);
    text += rune ?? String.fromCharCode(LONE_BYTE + bytes[at]!);
    at += rune === undefined ? 1 : Buffer.byteLength(rune);
  }
  return text;
}

/** The character that begins at a byte; undefined when none does. */
function runeAt(bytes: Uint8Array, at: number): string | undefined {
  for (let length = 1; length <= 4; length++) {
    try {
      return decoder.decode(bytes.subarray(at, at + length));
    } catch {}
  }
  return undefined;
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
