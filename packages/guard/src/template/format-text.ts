import { goQuote } from '../core/index.ts';
import { type Directive, pad } from './directive.ts';

/** A text as fmt/format.go prints it; undefined for a verb that texts do not have. */
export function formatText(text: string, directive: Directive): string | undefined {
  switch (directive.verb) {
    case 'v':
      return directive.sharpV ? quoted(text, directive) : pad(cut(text, directive), directive);
    case 's':
      return pad(cut(text, directive), directive);
    case 'q':
      return quoted(text, directive);
    case 'x':
      return hexadecimal(text, directive, '0x', false);
    case 'X':
      return hexadecimal(text, directive, '0X', true);
    default:
      return undefined;
  }
}

const cut = (text: string, { precision }: Directive) =>
  precision === undefined ? text : [...text].slice(0, precision).join('');

/** In back quotes where `#` asks for them and the text allows it (strconv.CanBackquote). */
function quoted(text: string, directive: Directive): string {
  const shown = cut(text, directive);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not stand there
  if (directive.sharp && !/[\x00-\x08\x0a-\x1f\x7f`\ufeff]/.test(shown))
    return pad(`\`${shown}\``, directive);
  const quotes = goQuote(shown);
  return pad(directive.plus ? quoteToAscii(quotes) : quotes, directive);
}

/** Escapes for all that is beyond ASCII in a quoted text. */
export const quoteToAscii = (text: string): string =>
  text.replace(/[^\x20-\x7e]/gu, unit => {
    const point = unit.codePointAt(0)!;
    return point > 0xffff
      ? `\\U${point.toString(16).padStart(8, '0')}`
      : `\\u${point.toString(16).padStart(4, '0')}`;
  });

function hexadecimal(text: string, directive: Directive, prefix: string, isUpper: boolean): string {
  const { precision, space, sharp } = directive;
  const bytes = [...Buffer.from(text)].slice(0, precision);
  const digits = bytes.map(byte => {
    const pair = byte.toString(16).padStart(2, '0');
    return isUpper ? pair.toUpperCase() : pair;
  });
  if (digits.length === 0) return pad('', directive);
  const mark = sharp ? prefix : '';
  return pad(mark + digits.join(space ? ` ${mark}` : ''), directive);
}
