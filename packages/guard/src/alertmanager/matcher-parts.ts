import type { MatchOperator } from '../core/index.ts';

/** A matcher as written, not compiled yet. */
export interface MatcherParts {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}
