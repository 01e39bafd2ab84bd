import type { Rng } from '../../../packages/guard/src/core/index.ts';
import type { Term } from './term.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What the rules of the grammar share: their source of chance, their words, and each other. */
export interface Grammar {
  readonly rng: Rng;
  readonly vocabulary: Vocabulary;
  /** An instant vector of at most so many levels, free of inexact functions. */
  vector(depth: number): Term;
}
