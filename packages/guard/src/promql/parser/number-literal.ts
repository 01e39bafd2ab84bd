import { goQuote, parseDuration, type Seconds } from '../../core/index.ts';

/** A literal's value, or why it has none, in Prometheus's words. */
export type Read = { readonly value: number } | { readonly problem: string };

const INT64 = 2n ** 63n;

/** Reads a number token: Go's integers with a prefix or as octal, and otherwise its floats. */
export function readNumber(text: string): Read {
  const integer = readInteger(text);
  if (integer !== undefined) return { value: integer };
  const value = readFloat(text);
  const problem = (why: string): Read => ({
    problem: `error parsing number: strconv.ParseFloat: parsing ${goQuote(text)}: ${why}`,
  });
  if (value === undefined) return problem('invalid syntax');
  return Number.isFinite(value) || /^[in]/i.test(text) ? { value } : problem('value out of range');
}

/** Digits may be parted by `_`, also after the prefix; a leading zero means octal. */
const INTEGER = /^(?:0[xX](?:_?[0-9a-fA-F])+|0(?:_?[0-7])+|0|[1-9](?:_?\d)*)$/;
const FLOAT = /^(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;

function readInteger(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits);
  return value < INT64 ? Number(value) : undefined;
}

function readFloat(text: string): number | undefined {
  if (/^inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  return FLOAT.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}

const UNITS = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];

/** Reads a duration token (model.ParseDuration of prometheus/common). */
export function readDuration(text: string): { readonly value: Seconds } | { readonly problem: string } {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds < 2 ** 63 / 1e6) return { value: milliseconds / 1000 };
  if (text.startsWith('.')) return { problem: `not a valid duration string: ${goQuote(text)}` };
  let last = -1;
  for (const [, unit] of text.matchAll(/\d+(\D+)/g)) {
    const rank = UNITS.indexOf(unit!);
    if (rank === -1) return { problem: `unknown unit ${goQuote(unit)} in duration ${goQuote(text)}` };
    if (rank <= last) return { problem: `not a valid duration string: ${goQuote(text)}` };
    last = rank;
  }
  return { problem: 'duration out of range' };
}
