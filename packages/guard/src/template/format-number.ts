import { formatFloatShort, goQuoteRune } from '../core/index.ts';
import { type Directive, pad, padWithBlanks } from './directive.ts';
import {
  formatBinary,
  formatExponential,
  formatFixed,
  formatGeneral,
  formatHexadecimal,
} from './format-float.ts';
import { quoteToAscii } from './format-text.ts';

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const PREFIXES: Readonly<Record<number, string>> = { 2: '0b', 16: '0x' };

/** An integer as fmt/format.go prints it; undefined for a verb that integers do not have. */
export function formatInteger(value: bigint, directive: Directive): string | undefined {
  const { verb } = directive;
  if (verb === 'c') return pad(character(value), directive);
  if (verb === 'q') return pad(quotedCharacter(value, directive.plus), directive);
  if (verb === 'U') return padWithBlanks(codePoint(value, directive), directive);
  const base = BASES[verb];
  return base === undefined ? undefined : formatInBase(value, base, directive);
}

function formatInBase(value: bigint, base: number, directive: Directive): string {
  const { verb, width = 0, precision } = directive;
  if (precision === 0 && value === 0n) return padWithBlanks('', directive);
  const isNegative = value < 0n;
  const hasSign = isNegative || directive.plus || directive.space;
  const zeros = directive.zero && !directive.minus ? width - (hasSign ? 1 : 0) : 0;
  let digits = (isNegative ? -value : value).toString(base).padStart(precision ?? zeros, '0');
  if (verb === 'X') digits = digits.toUpperCase();
  if (directive.sharp && base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  if (directive.sharp && base !== 8) digits = (verb === 'X' ? '0X' : (PREFIXES[base] ?? '')) + digits;
  if (verb === 'O') digits = `0o${digits}`;
  const sign = isNegative ? '-' : directive.plus ? '+' : directive.space ? ' ' : '';
  return padWithBlanks(sign + digits, directive);
}

const isCodePoint = (value: bigint) =>
  value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);

const character = (value: bigint) => (isCodePoint(value) ? String.fromCodePoint(Number(value)) : '\ufffd');

const quotedCharacter = (value: bigint, asciiOnly: boolean) => {
  const quoted = goQuoteRune(character(value));
  return asciiOnly ? quoteToAscii(quoted) : quoted;
};

function codePoint(value: bigint, { precision = 0, sharp }: Directive): string {
  const digits = BigInt.asUintN(64, value).toString(16).toUpperCase().padStart(Math.max(4, precision), '0');
  const rune = character(value);
  const isShown = sharp && isCodePoint(value) && goQuoteRune(rune) === `'${rune}'`;
  return `U+${digits}${isShown ? ` '${rune}'` : ''}`;
}

/** A float as fmt/format.go prints it; undefined for a verb that floats do not have. */
export function formatFloat(value: number, directive: Directive): string | undefined {
  const digits = floatDigits(value, directive);
  if (digits === undefined) return undefined;
  const size = digits.replace(/^[+-]/, '');
  const isNegative = digits.startsWith('-');
  const sign = isNegative ? '-' : signOf(value, directive);
  if (!Number.isFinite(value)) return padWithBlanks(sign + size, directive);
  const { width = 0, zero, minus } = directive;
  if (zero && !minus) return sign + size.padStart(width - sign.length, '0');
  return pad(sign + size, directive);
}

/** An infinity shows its sign always, NaN only when it is asked for. */
function signOf(value: number, { plus, space }: Directive): string {
  if (plus) return '+';
  if (space) return ' ';
  return value === Number.POSITIVE_INFINITY ? '+' : '';
}

function floatDigits(value: number, { verb, precision }: Directive): string | undefined {
  switch (verb) {
    case 'f':
    case 'F':
      return formatFixed(value, precision ?? 6);
    case 'e':
      return formatExponential(value, precision ?? 6);
    case 'E':
      return upperCase(value, formatExponential(value, precision ?? 6));
    case 'v':
    case 'g':
      return precision === undefined ? formatFloatShort(value) : formatGeneral(value, precision);
    case 'G':
      return upperCase(
        value,
        precision === undefined ? formatFloatShort(value) : formatGeneral(value, precision),
      );
    case 'b':
      return formatBinary(value);
    case 'x':
      return formatHexadecimal(value);
    case 'X':
      return upperCase(value, formatHexadecimal(value));
    default:
      return undefined;
  }
}

const upperCase = (value: number, text: string) => (Number.isFinite(value) ? text.toUpperCase() : text);
