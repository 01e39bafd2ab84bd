import { expect, it } from 'vitest';
import { shrink } from './shrink.ts';
import { term, textOf } from './term.ts';

const leaf = term('vector', 'x');
const wrong = term('vector', 'resets(', term('matrix', 'x[5m]'), ')');
const whole = term(
  'vector',
  'sum(',
  term('vector', '(', term('vector', '-', leaf), ' + ', term('vector', 'abs(', wrong, ')'), ')'),
  ')',
);

it('finds the smallest query that still fails', async () => {
  const smallest = await shrink(whole, async query => textOf(query).includes('resets'));
  expect(textOf(smallest)).toBe('resets(x[5m])');
});

it('keeps what is needed together', async () => {
  const smallest = await shrink(whole, async query => /abs.*resets/.test(textOf(query)));
  expect(textOf(smallest)).toBe('abs(resets(x[5m]))');
});

it('gives the query itself when nothing smaller fails', async () => {
  expect(await shrink(leaf, async () => true)).toBe(leaf);
});
