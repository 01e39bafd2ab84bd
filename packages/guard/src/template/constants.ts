import type { NumberConstant } from './ast.ts';

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

/** One character or escape, Go's strconv.UnquoteChar. */
const UNIT =
  /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([abfnrtv\\])|(["']))|[^\\]/suy;

/**
 * A literal's value (Go's strconv.Unquote); undefined when it is none. Bytes that are no UTF-8 are replaced, as
 * they are wherever Go makes JSON of them.
 */
export function unquote(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return body.replaceAll('\r', '');
  const bytes: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const unit = readUnit(body, at, literal[0]!);
    if (!unit) return undefined;
    bytes.push(unit.bytes);
    at += unit.length;
  }
  return Buffer.concat(bytes).toString('utf8');
}

interface Unit {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** The code point, or the byte of a `\x` or octal escape. */
  readonly value: number;
}

function readUnit(body: string, at: number, quote: string): Unit | undefined {
  UNIT.lastIndex = at;
  const match = UNIT.exec(body);
  if (!match) return undefined;
  const [text, byte, short, long, octal, simple, quoted] = match;
  const unit = (value: number, isByte: boolean): Unit | undefined => {
    const isValid = isByte ? value <= 0xff : value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
    if (!isValid) return undefined;
    const bytes = isByte ? Uint8Array.of(value) : Buffer.from(String.fromCodePoint(value));
    return { bytes, length: text.length, value };
  };
  if (byte !== undefined) return unit(Number.parseInt(byte, 16), true);
  if (octal !== undefined) return unit(Number.parseInt(octal, 8), true);
  const point = short ?? long;
  if (point !== undefined) return unit(Number.parseInt(point, 16), false);
  if (simple !== undefined) return unit(ESCAPES[simple]!, false);
  if (quoted !== undefined && quoted !== quote) return undefined;
  return unit((quoted ?? text).codePointAt(0)!, false);
}

/** The code point of `'a'`; undefined when that is not one character. */
export function readCharacter(literal: string): bigint | undefined {
  const body = literal.slice(1, -1);
  const unit = body === '' ? undefined : readUnit(body, 0, "'");
  return unit?.length === body.length ? BigInt(unit.value) : undefined;
}

const INTEGER = /^[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[oO]?(?:_?[0-7])+|0[bB](?:_?[01])+|0|[1-9](?:_?\d)*)$/;
const DECIMAL = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const HEXADECIMAL = /^[+-]?0[xX](?=[\da-fA-F._]*[\da-fA-F])([\da-fA-F_]*)\.?([\da-fA-F_]*)[pP]([+-]?\d+)$/;

const LEAST = -(2n ** 63n);
const MOST_UNSIGNED = 2n ** 64n - 1n;

/** A number as Go's strconv reads it with base 0; a text says why it is none (parse/node.go `newNumber`). */
export function readNumber(text: string): NumberConstant | string {
  if (text.endsWith('i') && !/^[+-]?0[xX]/.test(text)) return 'complex numbers are not supported';
  if (INTEGER.test(text)) {
    const value = readInteger(text);
    if (value < LEAST || value > MOST_UNSIGNED) return 'the integer does not fit in 64 bits';
    return {
      text,
      float: Number(value),
      isFloat: false,
      ...(BigInt.asIntN(64, value) === value && { integer: value }),
    };
  }
  const float = readFloat(text);
  if (float === undefined || !Number.isFinite(float)) return 'illegal number syntax';
  if (!/[.eEpP]/.test(text)) return 'integer overflow';
  const isWhole = Number.isInteger(float) && Math.abs(float) < 2 ** 63;
  return { text, float, isFloat: true, ...(isWhole && { integer: BigInt(float) }) };
}

function readInteger(text: string): bigint {
  const digits = text.replaceAll('_', '').replace(/^[+-]/, '');
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return text.startsWith('-') ? -size : size;
}

function readFloat(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text.replaceAll('_', ''));
  const match = HEXADECIMAL.exec(text);
  if (!match) return undefined;
  const [whole, fraction] = [match[1]!, match[2]!].map(part => part.replaceAll('_', '')) as [string, string];
  const size = Number.parseInt(whole + fraction, 16) * 2 ** (Number(match[3]) - 4 * fraction.length);
  return text.startsWith('-') ? -size : size;
}
