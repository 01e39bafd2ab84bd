import { PLAIN_AGGREGATORS } from './catalogue.ts';
import { chance, pick, someOf, weighted } from './choose.ts';
import type { Grammar } from './grammar.ts';
import { quantileOf, scalar } from './scalar.ts';
import { listed, type Term, term, textOf } from './term.ts';
import { labelText } from './vocabulary.ts';

export const labelList = (labels: readonly string[]): string => `(${labels.map(labelText).join(', ')})`;

export function grouping({ rng, vocabulary }: Grammar): string {
  if (chance(rng, 0.3)) return '';
  const often = someOf(rng, ['job', 'instance', 'code'], 0.4);
  const labels = chance(rng, 0.85)
    ? often
    : [...often, pick(rng, [...vocabulary.labels, 'nowhere', '__name__'])];
  return `${chance(rng, 0.7) ? 'by' : 'without'} ${labelList([...new Set(labels)])}`;
}

/** The grouping may stand before or after the arguments. */
export function aggregation(
  grammar: Grammar,
  operator: string,
  args: readonly Term[],
  by = grouping(grammar),
): Term {
  const list = ['(', ...listed(args), ')'];
  return chance(grammar.rng, 0.5)
    ? term('vector', `${operator} ${by} `, ...list)
    : term('vector', operator, ...list, ` ${by}`);
}

export function aggregate(grammar: Grammar, depth: number): Term {
  const { rng } = grammar;
  const inner = grammar.vector(depth - 1);
  return weighted<() => Term>(rng, [
    [8, () => aggregation(grammar, pick(rng, PLAIN_AGGREGATORS), [inner])],
    [1.5, () => aggregation(grammar, pick(rng, ['topk', 'bottomk']), [howMany(grammar), inner])],
    [1, () => aggregation(grammar, 'quantile', [unpinned(() => quantileOf(grammar)), inner])],
    [1, () => aggregation(grammar, 'count_values', [countLabel(grammar), inner])],
  ])();
}

const howMany = (grammar: Grammar): Term =>
  chance(grammar.rng, 0.9)
    ? term('scalar', pick(grammar.rng, ['1', '2', '3', '5', '0', '-1', '1000', '2.7']))
    : unpinned(() => scalar(grammar, 1));

/** What `@` means in an aggregation's parameter, Prometheus forgets (docs/conformance.md). */
function unpinned(make: () => Term): Term {
  const made = make();
  return textOf(made).includes('@') ? unpinned(make) : made;
}

const countLabel = ({ rng, vocabulary }: Grammar): Term =>
  term('string', JSON.stringify(pick(rng, ['value', 'value', 'job', pick(rng, vocabulary.labels)])));
