import { EARLIEST_OVERFLOW, EXACT_TO_ONE, INEXACT_FUNCTIONS, LOGARITHMS, OVERFLOWING } from './catalogue.ts';
import type { CompareOptions } from './compare.ts';

type Inexactness = Pick<CompareOptions, 'tolerance' | 'scale' | 'overflow' | 'least'>;

export const EXACT: Inexactness = {
  tolerance: 0,
  scale: 0,
  overflow: Number.POSITIVE_INFINITY,
  least: Number.NEGATIVE_INFINITY,
};
const LAST_BITS: Inexactness = { ...EXACT, tolerance: 1e-12 };
const LAST_BITS_OF_ONE: Inexactness = { ...LAST_BITS, scale: 1 };
const LAST_BITS_OR_INFINITE: Inexactness = { ...LAST_BITS, overflow: EARLIEST_OVERFLOW };

/** How far apart the values of a query may be; inexact functions and operators stand outermost, if at all. */
export function inexactness(query: string): Inexactness {
  const least = Object.entries(LOGARITHMS).find(([name]) => query.startsWith(`${name}(`))?.[1];
  if (least !== undefined) return { ...LAST_BITS_OF_ONE, least };
  if (OVERFLOWING.some(name => query.startsWith(`${name}(`))) return LAST_BITS_OR_INFINITE;
  if (EXACT_TO_ONE.some(name => query.startsWith(`${name}(`))) return LAST_BITS_OF_ONE;
  const isInexact =
    INEXACT_FUNCTIONS.some(name => query.startsWith(`${name}(`)) || /\) (\^|atan2) (\(|vector)/.test(query);
  return isInexact ? LAST_BITS : EXACT;
}
