/** How names that are not of the classic kind are written for clients that know no others (prometheus/common `model`). */
export const ESCAPING_SCHEMES = ['allow-utf-8', 'underscores', 'dots', 'values'] as const;
export type EscapingScheme = (typeof ESCAPING_SCHEMES)[number];

const CLASSIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export const isClassicName = (name: string): boolean => CLASSIC_NAME.test(name);

/** A name in a scheme (`EscapeName`). */
export function escapeName(name: string, scheme: EscapingScheme): string {
  if (scheme === 'allow-utf-8' || (scheme !== 'dots' && isClassicName(name))) return name;
  const escaped = [...name].map((rune, index) => escapedRune(rune, index, scheme)).join('');
  return scheme === 'values' ? VALUE_PREFIX + escaped : escaped;
}

const isClassicRune = (rune: string, index: number) =>
  /[a-zA-Z_:]/.test(rune) || (index > 0 && /\d/.test(rune));

function escapedRune(rune: string, index: number, scheme: Exclude<EscapingScheme, 'allow-utf-8'>): string {
  const isClassic = isClassicRune(rune, index);
  switch (scheme) {
    case 'underscores':
      return isClassic ? rune : '_';
    case 'dots':
      return rune === '_' ? '__' : rune === '.' ? '_dot_' : isClassic ? rune : '__';
    case 'values':
      return rune === '_' ? '__' : isClassic ? rune : `_${rune.codePointAt(0)!.toString(16)}_`;
  }
}

const VALUE_PREFIX = 'U__';
const VALUE_PART = /_(?:_|([0-9a-fA-F]{1,5})_)|[^_]/gu;

/**
 * A name as it was before the scheme `values`, which clients use where a path cannot hold a name: `U__`, then `__`
 * for an underscore and `_HEX_` for a code point (`UnescapeName`). A text that is not escaped whole stands for itself.
 */
export function unescapeName(name: string): string {
  if (!name.startsWith(VALUE_PREFIX)) return name;
  const escaped = name.slice(VALUE_PREFIX.length);
  let unescaped = '';
  let end = 0;
  for (const match of escaped.matchAll(VALUE_PART)) {
    const rune = runeOf(match[0], match[1]);
    if (match.index !== end || rune === undefined) return name;
    unescaped += rune;
    end += match[0].length;
  }
  return end === escaped.length ? unescaped : name;
}

function runeOf(part: string, hex: string | undefined): string | undefined {
  if (part === '__') return '_';
  if (hex === undefined) return part;
  const point = Number.parseInt(hex, 16);
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return isSurrogate ? undefined : String.fromCodePoint(point);
}
