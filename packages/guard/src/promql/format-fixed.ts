import { formatFloat } from '../core/index.ts';

/** Go's `%.<digits>f`: never an exponent, however large the number is. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  // From 1e21 on toFixed gives an exponent; such numbers are integers.
  return Math.abs(value) < 1e21 ? value.toFixed(digits) : `${BigInt(value)}.${'0'.repeat(digits)}`;
}
