import { EXACT_TO_ONE, INEXACT_FUNCTIONS } from './catalogue.ts';
import type { CompareOptions } from './compare.ts';

type Inexactness = Pick<CompareOptions, 'tolerance' | 'scale'>;

export const EXACT: Inexactness = { tolerance: 0, scale: 0 };
const LAST_BITS: Inexactness = { tolerance: 1e-12, scale: 0 };
const LAST_BITS_OF_ONE: Inexactness = { tolerance: 1e-12, scale: 1 };

/** How far apart the values of a query may be; inexact functions and operators stand outermost, if at all. */
export function inexactness(query: string): Inexactness {
  if (EXACT_TO_ONE.some(name => query.startsWith(`${name}(`))) return LAST_BITS_OF_ONE;
  const isInexact =
    INEXACT_FUNCTIONS.some(name => query.startsWith(`${name}(`)) || /\) (\^|atan2) (\(|vector)/.test(query);
  return isInexact ? LAST_BITS : EXACT;
}
