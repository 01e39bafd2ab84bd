import type { Rng } from '../../../packages/guard/src/core/index.ts';
import { INEXACT_FUNCTIONS, INEXACT_OPERATORS } from './catalogue.ts';
import { between, chance, pick, weighted } from './choose.ts';
import type { Grammar } from './grammar.ts';
import { vector } from './instant-vector.ts';
import { matrix } from './range-vector.ts';
import { call, scalar } from './scalar.ts';
import { FROM, TO } from './schedule.ts';
import { type Term, term } from './term.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What an engine is asked: a query and when. Times are Unix seconds. */
export type When =
  | { readonly kind: 'instant'; readonly time: number; readonly lookback?: string }
  | {
      readonly kind: 'range';
      readonly start: number;
      readonly end: number;
      readonly step: number;
      readonly lookback?: string;
    };

export interface Question {
  readonly query: Term;
  readonly when: When;
}

const DEPTH = 3;
const MARGIN = 600;

export function createGrammar(rng: Rng, vocabulary: Vocabulary): Grammar {
  const grammar: Grammar = { rng, vocabulary, vector: depth => vector(grammar, depth) };
  return grammar;
}

export function question(grammar: Grammar): Question {
  const { rng } = grammar;
  const when = chance(rng, 0.6) ? instantTime(rng) : rangeTime(rng);
  const depth = between(rng, 1, DEPTH);
  const query = weighted<() => Term>(rng, [
    [16, () => grammar.vector(depth)],
    [2, () => inexact(grammar, depth)],
    [1, () => term('vector', `${pick(rng, ['sort', 'sort_desc'])}(`, grammar.vector(depth - 1), ')')],
    [1, () => scalar(grammar, depth)],
    [when.kind === 'instant' ? 1 : 0, () => matrix(grammar, depth - 1)],
    [when.kind === 'instant' ? 0.1 : 0, () => term('string', '"a \\"string\\" ü"')],
  ])();
  return { query, when };
}

/** An inexact function stands outermost: what is done with its last bits could make any difference out of them. */
function inexact(grammar: Grammar, depth: number): Term {
  const { rng } = grammar;
  const inner = () => grammar.vector(depth - 1);
  if (chance(rng, 0.75)) return call(pick(rng, INEXACT_FUNCTIONS), [inner()]);
  const operator = pick(rng, INEXACT_OPERATORS);
  return chance(rng, 0.5)
    ? term('vector', '(', inner(), `) ${operator} (`, inner(), ')')
    : term('vector', '(', inner(), `) ${operator} (`, scalar(grammar, 1), ')');
}

const lookback = (rng: Rng) =>
  chance(rng, 0.04) ? { lookback: pick(rng, ['1m', '15s', '20m', '37s']) } : {};

/** Seconds with as many decimals as milliseconds have. */
const someTime = (rng: Rng) =>
  chance(rng, 0.5)
    ? between(rng, FROM / 1000 - MARGIN, TO / 1000 + MARGIN)
    : between(rng, FROM - MARGIN * 1000, TO + MARGIN * 1000) / 1000;

const instantTime = (rng: Rng): When => ({ kind: 'instant', time: someTime(rng), ...lookback(rng) });

function rangeTime(rng: Rng): When {
  const step = pick(rng, [15, 30, 60, 60, 300, 7.001, 0.5, 1000]);
  const steps = weighted(rng, [
    [8, between(rng, 1, 20)],
    [1, 0],
    [1, between(rng, 20, 200)],
  ]);
  const start = someTime(rng);
  return {
    kind: 'range',
    start,
    end: Math.round((start + steps * step) * 1000) / 1000,
    step,
    ...lookback(rng),
  };
}
