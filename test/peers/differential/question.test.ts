import { expect, it } from 'vitest';
import { createRng } from '../../../packages/guard/src/core/index.ts';
import { FUNCTIONS } from '../../../packages/guard/src/promql/functions.ts';
import { parseExpr } from '../../../packages/guard/src/promql/index.ts';
import { generateData } from './data.ts';
import { createGrammar, question } from './question.ts';
import { textOf } from './term.ts';
import { vocabularyOf } from './vocabulary.ts';

const vocabulary = vocabularyOf(generateData(createRng(1)));

function queries(seed: number, count: number): string[] {
  const grammar = createGrammar(createRng(seed), vocabulary);
  return Array.from({ length: count }, () => textOf(question(grammar).query));
}

const some = queries(7, 5_000);

it('asks the same for the same seed', () => {
  expect(queries(7, 50)).toEqual(some.slice(0, 50));
  expect(queries(8, 50)).not.toEqual(some.slice(0, 50));
});

it.each([
  ...[...FUNCTIONS.keys()].map(name => `${name}(`),
  ...['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar', 'topk', 'bottomk', 'quantile'],
  ...['count_values', ' by (', ' without (', ' on (', ' ignoring (', ' group_left (', ' group_right ('],
  ...[' + ', ' - ', ' * ', ' / ', ' % ', ' ^ ', ' atan2 ', ' and ', ' or ', ' unless '],
  ...[' == ', ' != ', ' > ', ' < ', ' >= ', ' <= ', ' == bool ', ' > bool '],
  ...[' offset ', ' offset -', ' offset (', ' @ 1', ' @ start()', ' @ end()', ' anchored', ' smoothed'],
  ...['=~', '!~', '!=', ':]', ':1m]', 'step()', 'range()', 'max_of(', '{"http.server.requests"'],
])('asks for %s', piece => {
  expect(some.some(query => query.includes(piece))).toBe(true);
});

it('asks what has the right types, but for a few that are refused on purpose', () => {
  const refused = some.filter(query => {
    try {
      parseExpr(query);
      return false;
    } catch {
      return true;
    }
  });
  expect(refused.length / some.length).toBeLessThan(0.01);
});
