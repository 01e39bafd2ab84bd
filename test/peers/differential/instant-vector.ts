import { aggregate } from './aggregation.ts';
import { binary } from './binary.ts';
import { VECTOR_FUNCTIONS } from './catalogue.ts';
import { between, chance, pick, weighted } from './choose.ts';
import type { Grammar } from './grammar.ts';
import { overRange } from './range-vector.ts';
import { call, quantileOf, scalar } from './scalar.ts';
import { instantText, selectorText } from './selector.ts';
import { type Term, term, textOf } from './term.ts';
import { quoted } from './vocabulary.ts';

/** The rules of instant vectors. */
export function vector(grammar: Grammar, depth: number): Term {
  if (depth <= 0) return selector(grammar);
  return weighted<() => Term>(grammar.rng, [
    [3, () => selector(grammar)],
    [5, () => overRange(grammar, depth)],
    [4, () => aggregate(grammar, depth)],
    [4, () => binary(grammar, depth)],
    [2.5, () => functionOfVector(grammar, depth)],
    [1, () => histogram(grammar, depth)],
    [1, () => relabelled(grammar, depth)],
    [0.4, () => term('vector', '-', grammar.vector(depth - 1))],
    [0.3, () => call('vector', [scalar(grammar, depth - 1)])],
  ])();
}

const selector = ({ rng, vocabulary }: Grammar): Term =>
  term('vector', instantText(rng, selectorText(rng, vocabulary)));

function functionOfVector(grammar: Grammar, depth: number): Term {
  const { rng } = grammar;
  const { name, args, variadic } = pick(rng, VECTOR_FUNCTIONS);
  const needed = variadic === 0 ? args.length : args.length - 1;
  const count = between(rng, needed, args.length);
  const given = args
    .slice(0, count)
    .map(type => (type === 'scalar' ? scalar(grammar, 1) : grammar.vector(depth - 1)));
  // There Prometheus forgets the offset (docs/conformance.md).
  if (name === 'timestamp' && /^[^(]*offset [^(]*@|@ [^ ]* offset/.test(textOf(given[0]!)))
    return functionOfVector(grammar, depth);
  return call(name, given);
}

/** Buckets as they are, as rates, summed, or anything that has no `le` at all. */
function histogram(grammar: Grammar, depth: number): Term {
  const { rng, vocabulary } = grammar;
  const buckets = vocabulary.metrics.find(({ name }) => name === 'latency_bucket')!;
  const found = selectorText(rng, vocabulary, buckets);
  const source = weighted<() => Term>(rng, [
    [3, () => term('vector', instantText(rng, found))],
    [3, () => term('vector', `rate(${found}[5m])`)],
    [2, () => term('vector', `sum by (le${chance(rng, 0.5) ? ', job' : ''}) (rate(${found}[10m]))`)],
    [1, () => grammar.vector(depth - 1)],
  ])();
  if (chance(rng, 0.6)) return call('histogram_quantile', [quantileOf(grammar), source]);
  return call('histogram_fraction', [scalar(grammar, 1), scalar(grammar, 1), source]);
}

function relabelled(grammar: Grammar, depth: number): Term {
  const { rng, vocabulary } = grammar;
  const label = () => pick(rng, ['job', 'instance', 'new', '__name__', pick(rng, vocabulary.labels)]);
  const source = grammar.vector(depth - 1);
  const text = (value: string) => term('string', quoted(value));
  if (chance(rng, 0.5))
    return call('label_replace', [
      source,
      text(label()),
      text(pick(rng, ['$1', 'x', '', '$1-$2', '$' + '{name}', '$1$1', 'a$$b'])),
      text(label()),
      text(pick(rng, ['(.*)', '(.+):(.*)', '(?P<name>[a-z]+).*', 'api', '', '(a)|(b).*', '.*'])),
    ]);
  const from = Array.from({ length: between(rng, 0, 3) }, () => text(label()));
  return call('label_join', [source, text(label()), text(pick(rng, ['-', '', ', '])), ...from]);
}
