import { isAlphanumeric, isDigit } from './characters.ts';

/** Where a number or duration ends; `kind` is undefined when the text up to there is neither. */
export interface ScannedNumber {
  readonly kind: 'number' | 'duration' | undefined;
  readonly end: number;
}

const DECIMAL = '0123456789';
const HEXADECIMAL = '0123456789abcdefABCDEF';
const EXPONENT = 'eE';

/** Steps over characters of given sets. */
interface Walker {
  at: number;
  /** The character ahead; '' at the end. */
  peek(): string;
  is(set: string): boolean;
  /** Steps over one character of the set, if there is one. */
  accept(set: string): boolean;
}

function createWalker(text: string, from: number): Walker {
  const walker: Walker = {
    at: from,
    peek: () => text[walker.at] ?? '',
    is: set => walker.at < text.length && set.includes(text[walker.at]!),
    accept(set) {
      const accepted = walker.is(set);
      if (accepted) walker.at++;
      return accepted;
    },
  };
  return walker;
}

/**
 * Scans the number or duration that begins at `from`. What it takes for one is looser than what has a value, exactly
 * as in Prometheus (scanNumber of promql/parser/lex.go), so that errors name the same text.
 */
export function scanNumber(text: string, from: number): ScannedNumber {
  const walker = createWalker(text, from);
  if (isNumber(walker)) return { kind: 'number', end: walker.at };
  if (hasUnits(walker)) return { kind: 'duration', end: walker.at };
  // The character after the last unit has been looked at, and belongs to what is wrong.
  return { kind: undefined, end: walker.at };
}

function isNumber(walker: Walker): boolean {
  let digits = DECIMAL;
  if (walker.accept('0') && walker.accept('xX')) {
    walker.accept('_');
    digits = HEXADECIMAL;
  }
  walker.accept('.');
  walker.accept(digits);
  return hasMantissaAndExponent(walker, digits) && !isAlphanumeric(walker.peek());
}

function hasMantissaAndExponent(walker: Walker, digits: string): boolean {
  let dots = 0;
  let exponents = 0;
  while (walker.is(`${digits}._${EXPONENT}`)) {
    if (walker.accept('.')) {
      // Fractions in hexadecimal are refused, and so is what cannot follow a point.
      if (++dots > 1 || walker.accept('_.') || digits === HEXADECIMAL) return false;
    } else if (walker.accept(EXPONENT)) {
      if (++exponents > 1) return false;
      walker.accept('+-');
      if (walker.accept('._eE') || walker.peek() === '') return false;
    } else if (walker.accept('_')) {
      if (walker.accept('._eE') || walker.peek() === '') return false;
    } else {
      while (walker.accept(digits));
    }
  }
  return true;
}

/** Units after a first number: the order and the combinations are checked when the duration is read. */
function hasUnits(walker: Walker): boolean {
  if (!walker.accept('smhdwy')) return false;
  walker.accept('s');
  while (isDigit(walker.peek())) {
    while (walker.accept(DECIMAL));
    if (!walker.accept('smhdw')) return false;
    walker.accept('s');
  }
  if (!isAlphanumeric(walker.peek())) return true;
  walker.at++;
  return false;
}
