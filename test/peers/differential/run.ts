import { createRng } from '../../../packages/guard/src/core/index.ts';
import { judge, type Verdict } from './judge.ts';
import { AT_ONCE, type Pair } from './pair.ts';
import { createGrammar, type Question, question, type When } from './question.ts';
import { shrink } from './shrink.ts';
import { textOf } from './term.ts';
import { vocabularyOf } from './vocabulary.ts';

type Difference = Extract<Verdict, { kind: 'different' }>;

/** A query that the engines answer differently. */
export interface Finding {
  readonly seed: number;
  readonly query: string;
  readonly when: When;
  /** The smallest part of it that still does, and how. */
  readonly minimal: string;
  readonly difference: Difference;
}

/** What came of a seed's questions. */
export interface Findings {
  readonly asked: number;
  readonly different: readonly Finding[];
  /** Queries to which Prometheus has several answers and ours is none of them. */
  readonly varying: readonly string[];
}

/** Asks `count` questions of the seed; stops early after `most` that are answered differently. */
export async function findDifferences(
  pair: Pick<Pair, 'clients' | 'data'>,
  seed: number,
  count: number,
  most = 10,
): Promise<Findings> {
  const grammar = createGrammar(createRng(seed ^ 0x5eed), vocabularyOf(pair.data));
  const different: Finding[] = [];
  const varying: string[] = [];
  let asked = 0;
  async function worker(): Promise<void> {
    while (asked < count && different.length < most) {
      asked++;
      const { query, when } = question(grammar);
      const verdict = await judge(pair.clients, textOf(query), when);
      if (verdict.kind === 'varies') varying.push(textOf(query));
      if (verdict.kind === 'different') different.push(await minimised(pair, seed, { query, when }, verdict));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { asked, different, varying };
}

async function minimised(
  pair: Pick<Pair, 'clients'>,
  seed: number,
  { query, when }: Question,
  first: Difference,
): Promise<Finding> {
  let difference = first;
  const fails = async (candidate: typeof query) => {
    const verdict = await judge(pair.clients, textOf(candidate), when);
    if (verdict.kind === 'different') difference = verdict;
    return verdict.kind === 'different';
  };
  const minimal = textOf(await shrink(query, fails));
  return { seed, query: textOf(query), when, minimal, difference };
}
