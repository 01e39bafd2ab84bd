const NEWLINE = 10;
const SPACE = 32;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
/** Integers of this many digits, and powers of ten up to it, are exact: their quotient is rounded once, correctly. */
const MAX_DIGITS = 15;
const POWERS = Array.from({ length: MAX_DIGITS + 1 }, (_, n) => 10 ** n);

/**
 * A number such as `17` or `-0.25` at `start`, followed by a space or a line's end: nearly every sample's value, read
 * without cutting out its text. Undefined for anything else, which `parseFloatText` then judges.
 */
export function readDecimal(text: string, start: number): number | undefined {
  const negative = text.charCodeAt(start) === MINUS;
  let mantissa = 0;
  let digits = 0;
  let fraction = -1;
  for (let at = negative ? start + 1 : start; ; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= ZERO && unit <= ZERO + 9) {
      mantissa = mantissa * 10 + (unit - ZERO);
      digits++;
      if (fraction >= 0) fraction++;
    } else if (unit === DOT && fraction < 0) fraction = 0;
    else if (unit === SPACE || unit === NEWLINE) break;
    else return undefined;
  }
  if (digits === 0 || digits > MAX_DIGITS) return undefined;
  const value = fraction > 0 ? mantissa / POWERS[fraction]! : mantissa;
  return negative ? -value : value;
}
