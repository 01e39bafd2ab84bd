import { type Directive, MAX_PRECISION, MAX_WIDTH, PLAIN } from './directive.ts';
import { formatArgument } from './format-value.ts';
import { typeName } from './values.ts';

/** Flags, then an index, a width, a precision with an index of its own, another index, the verb. */
const DIRECTIVE = /%([-+# 0]*)(\[[^\]]*\]?)?(\*|\d+)?(?:(\.)(\[[^\]]*\]?)?(\*|\d+)?)?(\[[^\]]*\]?)?(.)?/gsu;

/** Which value comes next, and whether an index was wrong. */
interface Cursor {
  next: number;
  isGood: boolean;
  isReordered: boolean;
}

/** Go's fmt.Sprintf (fmt/print.go `doPrintf`). Mistakes print as Go prints them. */
export function sprintf(format: string, values: readonly unknown[]): string {
  const cursor: Cursor = { next: 0, isGood: true, isReordered: false };
  const text = format.replace(DIRECTIVE, (...parts: (string | undefined)[]) => expand(parts, values, cursor));
  if (cursor.isReordered || cursor.next >= values.length) return text;
  const extra = values
    .slice(cursor.next)
    .map(value =>
      value === null || value === undefined ? '<nil>' : `${typeName(value)}=${formatArgument(value, PLAIN)}`,
    );
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function expand(parts: (string | undefined)[], values: readonly unknown[], cursor: Cursor): string {
  const [, flags = '', index, width, point, precisionIndex, precision, lastIndex, verb] = parts;
  cursor.isGood = true;
  let marks = '';
  let directive = { ...PLAIN, ...flagsOf(flags) };
  const star = (mistake: string): number | undefined => {
    const value = wholeArgument(values, cursor);
    if (value === undefined) marks += mistake;
    return value;
  };
  moveTo(index, values, cursor);
  // An index is for a star or for the value, and not for a number that is written.
  if (index !== undefined && width !== undefined && width !== '*') cursor.isGood = false;
  const wide = width === '*' ? star('%!(BADWIDTH)') : numberOf(width);
  directive = { ...directive, ...widthOf(wide, directive) };
  if (point !== undefined) {
    if (index !== undefined && width !== '*') cursor.isGood = false;
    moveTo(precisionIndex, values, cursor);
    const digits = precision === '*' ? starPrecision(star) : (numberOf(precision) ?? 0);
    directive = {
      ...directive,
      precision: digits === undefined ? undefined : Math.min(digits, MAX_PRECISION),
    };
  }
  moveTo(lastIndex, values, cursor);
  return marks + show({ ...directive, verb: verb ?? '' }, values, cursor);
}

function show(directive: Directive, values: readonly unknown[], cursor: Cursor): string {
  const { verb } = directive;
  if (verb === '') return '%!(NOVERB)';
  if (verb === '%') return '%';
  if (!cursor.isGood) return `%!${verb}(BADINDEX)`;
  if (cursor.next >= values.length) return `%!${verb}(MISSING)`;
  const { plus, sharp } = directive;
  const shape =
    verb === 'v' ? { ...directive, plusV: plus, plus: false, sharpV: sharp, sharp: false } : directive;
  return formatArgument(values[cursor.next++], shape);
}

const flagsOf = (flags: string) => ({
  plus: flags.includes('+'),
  minus: flags.includes('-'),
  sharp: flags.includes('#'),
  space: flags.includes(' '),
  zero: flags.includes('0'),
});

/** A negative width stands for the flag `-`. */
function widthOf(width: number | undefined, { minus, zero }: Directive) {
  if (width === undefined) return {};
  const isNegative = width < 0;
  return {
    width: Math.min(Math.abs(width), MAX_WIDTH),
    minus: minus || isNegative,
    zero: zero && !isNegative,
  };
}

const numberOf = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));

function starPrecision(star: (mistake: string) => number | undefined): number | undefined {
  const digits = star('%!(BADPREC)');
  return digits !== undefined && digits >= 0 ? digits : undefined;
}

/** `[n]`: the value with this number, from 1. */
function moveTo(index: string | undefined, values: readonly unknown[], cursor: Cursor): void {
  if (index === undefined) return;
  cursor.isReordered = true;
  const number = /^\[(\d+)\]$/.exec(index)?.[1];
  const target = Number(number ?? 0) - 1;
  if (target >= 0 && target < values.length) cursor.next = target;
  else cursor.isGood = false;
}

function wholeArgument(values: readonly unknown[], cursor: Cursor): number | undefined {
  if (cursor.next >= values.length) return undefined;
  const value = values[cursor.next++];
  return typeof value === 'bigint' && value >= -1_000_000n && value <= 1_000_000n ? Number(value) : undefined;
}
