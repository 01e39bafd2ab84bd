import { goQuote } from '../core/index.ts';

/** What Go's net/url.ParseQuery gives: what could be read, and the first thing that could not. */
export interface QueryString {
  readonly pairs: ReadonlyArray<readonly [name: string, value: string]>;
  readonly error: string | undefined;
}

/** Reads a query string or a form body. A pair that cannot be read is left out; the others hold. */
export function readQueryString(text: string): QueryString {
  const pairs: Array<readonly [string, string]> = [];
  let error: string | undefined;
  for (const part of text.split('&')) {
    if (part === '') continue;
    const pair = readPair(part);
    if (typeof pair === 'string') error ??= pair;
    else pairs.push(pair);
  }
  return { pairs, error };
}

/** The pair, or what is wrong with it. */
function readPair(part: string): readonly [string, string] | string {
  if (part.includes(';')) return 'invalid semicolon separator in query';
  const equals = part.indexOf('=');
  const name = equals < 0 ? part : part.slice(0, equals);
  const value = equals < 0 ? '' : part.slice(equals + 1);
  const bad = badEscape(name) ?? badEscape(value);
  return bad === undefined ? [unescaped(name), unescaped(value)] : `invalid URL escape ${goQuote(bad)}`;
}

const badEscape = (text: string): string | undefined =>
  text.includes('%') ? /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text)?.[0] : undefined;

function unescaped(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return withReplacements(spaced);
  }
}

/** For escaped bytes that are not UTF-8: each becomes the replacement character. */
function withReplacements(text: string): string {
  const bytes: number[] = [];
  for (const [part, hex] of text.matchAll(/%([0-9a-fA-F]{2})|[^%]+/g)) {
    if (hex === undefined) bytes.push(...Buffer.from(part));
    else bytes.push(Number.parseInt(hex, 16));
  }
  return Buffer.from(bytes).toString();
}
