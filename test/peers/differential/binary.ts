import { aggregation, labelList } from './aggregation.ts';
import { COMPARISONS, EXACT_OPERATORS, PLAIN_AGGREGATORS, SET_OPERATORS } from './catalogue.ts';
import { chance, pick, someOf, weighted } from './choose.ts';
import type { Grammar } from './grammar.ts';
import { scalar } from './scalar.ts';
import { type Term, term } from './term.ts';

/** An operator between values, with `bool` where it may stand. */
export function valueOperator({ rng }: Grammar): string {
  if (chance(rng, 0.6)) return pick(rng, EXACT_OPERATORS);
  const comparison = pick(rng, COMPARISONS);
  return chance(rng, 0.4) ? `${comparison} bool` : comparison;
}

const operation = (left: Term, operator: string, right: Term): Term =>
  term('vector', '(', left, ` ${operator} `, right, ')');

export function binary(grammar: Grammar, depth: number): Term {
  return weighted<() => Term>(grammar.rng, [
    [4, () => withScalar(grammar, depth)],
    [3, () => sameLabels(grammar, depth)],
    [3, () => grouped(grammar, depth)],
    [3, () => loose(grammar, depth)],
    [2, () => setOperation(grammar, depth)],
  ])();
}

function withScalar(grammar: Grammar, depth: number): Term {
  const [left, right] = [grammar.vector(depth - 1), scalar(grammar, depth - 1)];
  const operator = valueOperator(grammar);
  return chance(grammar.rng, 0.6) ? operation(left, operator, right) : operation(right, operator, left);
}

/** Both sides aggregated by the same labels, so that each finds its partner. */
function sameLabels(grammar: Grammar, depth: number): Term {
  const by = `by ${labelList(someOf(grammar.rng, ['job', 'instance'], 0.6))}`;
  const side = () =>
    aggregation(grammar, pick(grammar.rng, PLAIN_AGGREGATORS), [grammar.vector(depth - 1)], by);
  return operation(side(), valueOperator(grammar), side());
}

/** One side has a label more than the other. */
function grouped(grammar: Grammar, depth: number): Term {
  const { rng } = grammar;
  const extra = pick(rng, ['instance', 'code', 'version', 'le']);
  const include = chance(rng, 0.4) ? [pick(rng, ['version', 'kind', 'instance'])] : [];
  const side = (labels: readonly string[]) =>
    aggregation(
      grammar,
      pick(rng, ['sum', 'max', 'min', 'count']),
      [grammar.vector(depth - 1)],
      `by ${labelList(labels)}`,
    );
  const matching = chance(rng, 0.7) ? 'on (job)' : `ignoring ${labelList([extra, ...include])}`;
  const one = side(['job', ...include]);
  const many = side(['job', extra]);
  return chance(rng, 0.5)
    ? operation(many, `${valueOperator(grammar)} ${matching} group_left ${labelList(include)}`, one)
    : operation(one, `${valueOperator(grammar)} ${matching} group_right ${labelList(include)}`, many);
}

/** Whatever comes of it: partners, none, or an error. */
function loose(grammar: Grammar, depth: number): Term {
  return operation(
    grammar.vector(depth - 1),
    `${valueOperator(grammar)} ${looseMatching(grammar)}`,
    grammar.vector(depth - 1),
  );
}

function looseMatching({ rng, vocabulary }: Grammar): string {
  if (chance(rng, 0.4)) return '';
  const labels = chance(rng, 0.8)
    ? someOf(rng, ['job', 'instance', 'code'], 0.5)
    : [pick(rng, vocabulary.labels)];
  return `${pick(rng, ['on', 'ignoring'])} ${labelList(labels)}`;
}

function setOperation(grammar: Grammar, depth: number): Term {
  return operation(
    grammar.vector(depth - 1),
    `${pick(grammar.rng, SET_OPERATORS)} ${looseMatching(grammar)}`,
    grammar.vector(depth - 1),
  );
}
