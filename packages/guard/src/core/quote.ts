const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** All but the printable characters of ASCII that stand as they are. */
const UNUSUAL = /[^ !#-[\]-~]/gu;

/** Go's strconv.Quote: double quotes, and escapes for what is not printable. */
export function goQuote(text: string): string {
  return `"${text.replaceAll(UNUSUAL, rune => escapeRune(rune, '"'))}"`;
}

/** Go's strconv.QuoteRune, for one character; '' stands for the end of a text, which Go shows as U+FFFD. */
export const goQuoteRune = (rune: string): string => `'${escapeRune(rune || '\ufffd', "'")}'`;

/** A character as Go's `%#U` shows it: its code point, and itself where it is printable. */
export function goDescribeRune(rune: string): string {
  const point = `U+${rune.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrintable(rune) ? `${point} '${rune}'` : point;
}

const isPrintable = (rune: string): boolean => rune === ' ' || !/[\p{C}\p{Z}]/u.test(rune);

function escapeRune(rune: string, delimiter: '"' | "'"): string {
  const escaped = ESCAPES[rune];
  if (escaped !== undefined) return escaped;
  if (rune === delimiter) return `\\${rune}`;
  if (isPrintable(rune)) return rune;
  const point = rune.codePointAt(0)!;
  // A byte that is part of no character; see unquote of promql/parser.
  if (point >= 0xdc80 && point <= 0xdcff) return `\\x${(point & 0xff).toString(16)}`;
  if (point < 0x20 || point === 0x7f) return `\\x${point.toString(16).padStart(2, '0')}`;
  return point > 0xffff
    ? `\\U${point.toString(16).padStart(8, '0')}`
    : `\\u${point.toString(16).padStart(4, '0')}`;
}
