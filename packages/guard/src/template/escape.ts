import { goQuote } from '../core/index.ts';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};
const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

export const htmlEscape = (text: string): string => text.replace(/[\0"'&<>]/g, unit => HTML[unit]!);

/** Controls and what is beyond ASCII and not printable become escapes. */
export const jsEscape = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  text.replace(/[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]/gu, unit => {
    if (JS[unit] !== undefined) return JS[unit];
    const isShown = unit > '\x7f' && goQuote(unit) === `"${unit}"`;
    return isShown ? unit : `\\u${unit.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  });

/** Go's url.QueryEscape. */
export const queryEscape = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, unit => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
