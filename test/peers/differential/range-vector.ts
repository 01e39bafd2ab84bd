import { RANGE_FUNCTIONS } from './catalogue.ts';
import { chance, pick } from './choose.ts';
import { rangeText, subqueryRange, subqueryStep } from './duration-text.ts';
import type { Grammar } from './grammar.ts';
import { call, quantileOf, scalar } from './scalar.ts';
import { modifiersText, selectorText } from './selector.ts';
import { type Term, term } from './term.ts';

/** A range selector or, more rarely, a subquery. */
export function matrix(grammar: Grammar, depth: number, extension = ''): Term {
  const { rng, vocabulary } = grammar;
  if (extension === '' && depth > 0 && chance(rng, 0.3)) return subquery(grammar, depth);
  const selector = `${selectorText(rng, vocabulary)}[${rangeText(rng)}]`;
  const modifiers = [extension, modifiersText(rng)];
  return term('matrix', selector, ...(chance(rng, 0.5) ? modifiers : modifiers.toReversed()));
}

/** Functions whose windows may reach beyond their edges (promql.AnchoredSafeFunctions, SmoothedSafeFunctions). */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  changes: ['anchored'],
  resets: ['anchored'],
  delta: ['anchored', 'smoothed'],
  increase: ['anchored', 'smoothed'],
  rate: ['anchored', 'smoothed'],
};

/** ` anchored` or ` smoothed`, now and then; rarely where it is refused. */
function extensionFor(grammar: Grammar, name: string): string {
  const { rng } = grammar;
  const own = EXTENSIONS[name];
  if (own) return chance(rng, 0.3) ? ` ${pick(rng, own)}` : '';
  return chance(rng, 0.01) ? ` ${pick(rng, ['anchored', 'smoothed'])}` : '';
}

function subquery(grammar: Grammar, depth: number): Term {
  const { rng } = grammar;
  const inner = grammar.vector(depth - 1);
  return term('matrix', '(', inner, `)[${subqueryRange(rng)}:${subqueryStep(rng)}]${modifiersText(rng)}`);
}

export function overRange(grammar: Grammar, depth: number): Term {
  const { name } = pick(grammar.rng, RANGE_FUNCTIONS);
  const range = matrix(grammar, depth - 1, extensionFor(grammar, name));
  switch (name) {
    case 'quantile_over_time':
      return call(name, [quantileOf(grammar), range]);
    case 'predict_linear':
      return call(name, [range, scalar(grammar, 1)]);
    default:
      return call(name, [range]);
  }
}
