import { goQuote } from '../core/index.ts';

/** Go's strconv functions that read whole numbers; their names stand in the errors that clients see. */
type IntegerReader = 'Atoi' | 'ParseInt';

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const HEXADECIMAL = /^([+-]?)0x([0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p([+-]?\d+)$/i;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;
/** Go takes an underscore between two digits, and after the `0x` of a hexadecimal number. */
const MISPLACED_UNDERSCORE = /(?<![0-9a-fx])_|_(?![0-9a-f])/i;

/** A text that Go would not read; the message is Go's. */
export interface Unreadable {
  readonly error: string;
}

export const isUnreadable = <T>(value: T | Unreadable): value is Unreadable =>
  typeof value === 'object' && value !== null && 'error' in value;

/** A float as strconv.ParseFloat reads it, NaN and infinities included; undefined for what it refuses or overflows. */
export function readGoFloat(text: string): number | undefined {
  const infinity = INFINITY.exec(text);
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (text.includes('_') && MISPLACED_UNDERSCORE.test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  const value = DECIMAL.test(plain) ? Number(plain) : hexadecimal(plain);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function hexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (!match) return undefined;
  const [whole = '', fraction = ''] = match[2]!.split('.');
  const size = Number.parseInt(whole + fraction || '0', 16) * 2 ** (Number(match[3]) - 4 * fraction.length);
  return match[1] === '-' ? -size : size;
}

/** A whole number of `bits` bits, as strconv reads it; beyond 2^53 rounded. */
export function readGoInteger(text: string, reader: IntegerReader, bits: 32 | 64): number | Unreadable {
  if (!INTEGER.test(text)) return unreadable(reader, text, 'invalid syntax');
  const limit = 1n << BigInt(bits - 1);
  const value = BigInt(text.replace('+', ''));
  return value >= limit || value < -limit ? unreadable(reader, text, 'value out of range') : Number(value);
}

const TRUE: readonly string[] = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE: readonly string[] = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/** A boolean as strconv.ParseBool reads it. */
export function readGoBoolean(text: string): boolean | Unreadable {
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : unreadable('ParseBool', text, 'invalid syntax');
}

const unreadable = (reader: string, text: string, why: string): Unreadable => ({
  error: `strconv.${reader}: parsing ${goQuote(text)}: ${why}`,
});
