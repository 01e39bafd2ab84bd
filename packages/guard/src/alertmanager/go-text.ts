import { UserError } from '../core/index.ts';

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};
const SHORT_ESCAPED = new Map(Object.entries(SHORT_ESCAPES).map(([char, escaped]) => [escaped[1]!, char]));

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs;

/**
 * Go's strconv.Unquote of text in double quotes, the quotes included.
 *
 * @throws UserError `bad-quoting`
 */
export function goUnquote(quoted: string): string {
  const body = quoted.slice(1, -1);
  const bad = (what: string) => new UserError('bad-quoting', `${what} in ${quoted}`);
  if (body.includes('\n')) throw bad('line break');
  const chunks: Buffer[] = [];
  let end = 0;
  for (const match of body.matchAll(ESCAPE)) {
    chunks.push(Buffer.from(body.slice(end, match.index)), bytesOf(match, bad));
    end = match.index + match[0].length;
  }
  chunks.push(Buffer.from(body.slice(end)));
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) throw bad('bytes that are no UTF-8');
  return text;
}

function bytesOf(match: RegExpMatchArray, bad: (what: string) => UserError): Buffer {
  const [all, hex, octal, short, long, single] = match;
  if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)]);
  if (octal !== undefined) {
    const value = Number.parseInt(octal, 8);
    if (value > 0xff) throw bad(`bad escape ${all}`);
    return Buffer.from([value]);
  }
  if (short !== undefined || long !== undefined) {
    const code = Number.parseInt((short ?? long)!, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw bad(`bad escape ${all}`);
    return Buffer.from(String.fromCodePoint(code));
  }
  const char = SHORT_ESCAPED.get(single!);
  if (char === undefined) throw bad(`bad escape ${all}`);
  return Buffer.from(char);
}

/** Go's regexp.QuoteMeta. */
export const quoteMeta = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** The instant Go prints for "no time". */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** RFC 3339 as Go's time.Time marshals: fractions without trailing zeros. */
export function goTime(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/(\.\d*?)0+Z$/, '$1Z')
    .replace('.Z', 'Z');
}

/** As Go's encoding/json writes a value: no raw `<`, `>`, `&` or line separators, a line break at the end. */
export function goJson(value: unknown): string {
  const escaped = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}
