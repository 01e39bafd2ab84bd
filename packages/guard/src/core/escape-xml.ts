/**
 * Text for an element or attribute. XML 1.0 has no way to write most control characters, nor lone surrogates: they
 * become U+FFFD.
 */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[<>&"']/g, character => `&#${character.charCodeAt(0)};`);
