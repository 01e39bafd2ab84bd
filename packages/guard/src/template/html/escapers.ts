/** What stands for a value that would be dangerous where it stands; Go's word, which people search for. */
const FAILSAFE = 'ZgotmplZ';

type Replacements = Readonly<Record<string, string>>;

const MARKUP: Replacements = {
  '\0': '\ufffd',
  '"': '&#34;',
  '&': '&amp;',
  "'": '&#39;',
  '+': '&#43;',
  '<': '&lt;',
  '>': '&gt;',
};
const UNQUOTED: Replacements = {
  ...MARKUP,
  '\0': '&#xfffd;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\v': '&#11;',
  '\f': '&#12;',
  '\r': '&#13;',
  ' ': '&#32;',
  '=': '&#61;',
  '`': '&#96;',
};

/** For text and values in quotes (html/template/html.go). */
export const escapeMarkup = (text: string): string => text.replace(/[\0"&'+<>]/g, char => MARKUP[char]!);

/** As `escapeMarkup`, for what is markup already: entities stay. */
export const normalizeMarkup = (text: string): string => text.replace(/[\0"'+<>]/g, char => MARKUP[char]!);

/** For values without quotes. */
export const escapeUnquoted = (text: string): string =>
  text === ''
    ? FAILSAFE
    : text.replace(
        /[\0\t\n\v\f\r "&'+<=>`\ufdd0-\ufdef\ufff0-\uffff]/g,
        char => UNQUOTED[char] ?? `&#x${char.charCodeAt(0).toString(16)};`,
      );

/** The text of a piece of markup. */
export const stripTags = (text: string): string =>
  text.replace(/<!--[\s\S]*?(?:-->|$)|<\/?[a-z][^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>/gi, '');

/** Addresses of other schemes could run scripts (html/template/url.go). */
export function filterUrl(text: string): string {
  const [scheme, rest] = text.split(':', 2) as [string, string?];
  const isSafe = rest === undefined || scheme.includes('/') || /^(?:https?|mailto)$/i.test(scheme);
  return isSafe ? text : `#${FAILSAFE}`;
}

/** Percent-encodes what an address must not hold; what has a meaning in addresses stays. */
export const normalizeUrl = (text: string): string =>
  encode(text, /%(?![\da-fA-F]{2})|[^%!#$&*+,/:;=?@[\]\-._~a-zA-Z0-9]/gu);

/** Percent-encodes a part of a query or fragment. */
export const escapeUrl = (text: string): string => encode(text, /[^\-._~a-zA-Z0-9]/gu);

const encode = (text: string, signs: RegExp) =>
  text.replace(signs, sign =>
    [...Buffer.from(sign)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );

/** Lets through quantities, names and colours alone (html/template/css.go). */
export function filterCss(text: string): string {
  if (/[\0"'()/;@[\\\]`{}<>]|--/.test(text)) return FAILSAFE;
  const name = text.replace(/[^\w-]/g, '').toLowerCase();
  return /expression|mozbinding/.test(name) ? FAILSAFE : text;
}

/** Names of attributes that do nothing by themselves. */
export const filterName = (text: string): string =>
  /^[0-9a-z]+$/i.test(text) ? text.toLowerCase() : FAILSAFE;
