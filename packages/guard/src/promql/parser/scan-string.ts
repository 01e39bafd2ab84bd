import { goDescribeRune } from '../../core/index.ts';

/** Where a string literal ends, or why it is none. */
export type ScannedString = { readonly end: number } | { readonly problem: string };

const SIMPLE_ESCAPES = 'abfnrtv\\';
/** Digits after the letter that begins an escape, and their base. */
const NUMERIC_ESCAPES: Readonly<Record<string, { readonly digits: number; readonly base: number }>> = {
  x: { digits: 2, base: 16 },
  u: { digits: 4, base: 16 },
  U: { digits: 8, base: 16 },
};
const OCTAL = { digits: 3, base: 8 };
const LARGEST_RUNE = 0x10ffff;

/** Scans the string literal whose opening quote stands at `from` (lexString of promql/parser/lex.go). */
export function scanString(text: string, from: number): ScannedString {
  const quote = text[from]!;
  const isRaw = quote === '`';
  for (let at = from + 1; at < text.length; at++) {
    const unit = text[at]!;
    if (unit === quote) return { end: at + 1 };
    if (!isRaw && unit === '\n') break;
    if (isInvalid(text, at)) return { problem: 'invalid UTF-8 rune' };
    if (isRaw || unit !== '\\') continue;
    const scanned = scanEscape(text, at + 1, quote);
    if ('problem' in scanned) return scanned;
    at = scanned.end - 1;
  }
  return { problem: isRaw ? 'unterminated raw string' : 'unterminated quoted string' };
}

/** U+FFFD is what decoders put for broken bytes; half a surrogate pair is no character either. */
function isInvalid(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit === 0xfffd) return true;
  if (unit >= 0xd800 && unit <= 0xdbff) return (text.charCodeAt(at + 1) & 0xfc00) !== 0xdc00;
  return unit >= 0xdc00 && unit <= 0xdfff && (text.charCodeAt(at - 1) & 0xfc00) !== 0xd800;
}

function scanEscape(text: string, at: number, quote: string): ScannedString {
  const kind = text[at];
  if (kind === undefined) return { problem: 'escape sequence not terminated' };
  if (kind === quote || SIMPLE_ESCAPES.includes(kind)) return { end: at + 1 };
  if (kind >= '0' && kind <= '7') return scanDigits(text, at, OCTAL, 255);
  const numeric = NUMERIC_ESCAPES[kind];
  if (numeric) return scanDigits(text, at + 1, numeric, kind === 'x' ? 255 : LARGEST_RUNE);
  return { problem: `unknown escape sequence ${goDescribeRune(runeAt(text, at))}` };
}

function scanDigits(
  text: string,
  from: number,
  { digits, base }: { readonly digits: number; readonly base: number },
  largest: number,
): ScannedString {
  let value = 0;
  for (let at = from; at < from + digits; at++) {
    if (at >= text.length) return { problem: 'escape sequence not terminated' };
    const digit = /^[0-9a-fA-F]$/.test(text[at]!) ? Number.parseInt(text[at]!, 16) : base;
    if (digit >= base)
      return { problem: `illegal character ${goDescribeRune(runeAt(text, at))} in escape sequence` };
    value = value * base + digit;
  }
  if (value > largest || (value >= 0xd800 && value < 0xe000))
    return { problem: 'escape sequence is an invalid Unicode code point' };
  return { end: from + digits };
}

const runeAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at)!);
