import { COMPARISONS, EXACT_OPERATORS } from './catalogue.ts';
import { chance, pick, weighted } from './choose.ts';
import type { Grammar } from './grammar.ts';
import { listed, type Term, term } from './term.ts';

const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '-1',
  '0.5',
  '10',
  '100',
  '1e3',
  '1e-3',
  '0.1',
  '-2.5',
  '0x1f',
  '1_000',
  '.5',
  '5m',
  '1h30m',
];
const RARE_NUMBERS = ['NaN', 'Inf', '-Inf', '1e308', '-0', '9007199254740993', '123456789.123'];

export function number({ rng }: Grammar): Term {
  return term('scalar', chance(rng, 0.08) ? pick(rng, RARE_NUMBERS) : pick(rng, NUMBERS));
}

/** A scalar expression. */
export function scalar(grammar: Grammar, depth: number): Term {
  const { rng } = grammar;
  if (depth <= 0) return number(grammar);
  return weighted<() => Term>(rng, [
    [8, () => number(grammar)],
    [1, () => term('scalar', 'time()')],
    [0.3, () => term('scalar', 'pi()')],
    [1, () => term('scalar', 'scalar(', grammar.vector(depth - 1), ')')],
    [1, () => arithmetic(grammar, depth)],
    [0.5, () => term('scalar', '-', paren(scalar(grammar, depth - 1)))],
  ])();
}

const paren = (inner: Term): Term => term(inner.type, '(', inner, ')');

function arithmetic(grammar: Grammar, depth: number): Term {
  const { rng } = grammar;
  const operator = chance(rng, 0.3) ? `${pick(rng, COMPARISONS)} bool` : pick(rng, EXACT_OPERATORS);
  const [left, right] = [scalar(grammar, depth - 1), scalar(grammar, depth - 1)];
  return term('scalar', '(', left, ` ${operator} `, right, ')');
}

/** φ of a quantile: mostly within [0, 1]. */
export function quantileOf(grammar: Grammar): Term {
  const { rng } = grammar;
  return chance(rng, 0.85)
    ? term('scalar', pick(rng, ['0', '0.5', '0.9', '0.99', '1', '0.25', '0.333']))
    : pick(rng, [
        () => scalar(grammar, 1),
        () => term('scalar', pick(rng, ['-0.1', '1.1', 'NaN', '2', '-Inf'])),
      ])();
}

/** A call with its arguments. */
export const call = (name: string, args: readonly Term[]): Term =>
  term('vector', `${name}(`, ...listed(args), ')');
