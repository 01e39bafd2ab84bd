const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** Go's strconv.Quote: double quotes, and escapes for what is not printable. */
export function goQuote(text: string): string {
  return `"${[...text].map(quoteRune).join('')}"`;
}

function quoteRune(rune: string): string {
  const escaped = ESCAPES[rune];
  if (escaped !== undefined) return escaped;
  const point = rune.codePointAt(0)!;
  if (point < 0x20 || point === 0x7f) return `\\x${point.toString(16).padStart(2, '0')}`;
  if (rune === ' ' || !/[\p{C}\p{Z}]/u.test(rune)) return rune;
  return point > 0xffff
    ? `\\U${point.toString(16).padStart(8, '0')}`
    : `\\u${point.toString(16).padStart(4, '0')}`;
}
