import { expect, it } from 'vitest';
import { readYamlNumber } from './index.ts';

it.each([
  ['0x1F', 31],
  ['010', 8],
  ['0o17', 15],
  ['1_000.5', 1000.5],
  ['-.Inf', -Infinity],
  ['.nan', Number.NaN],
  ['1e3', 1000],
  ['many', undefined],
])('%s is a number as Go reads YAML', (text, value) => {
  expect(readYamlNumber(text)).toEqual(value);
});
