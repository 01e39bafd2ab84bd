import type { Matcher } from '../../core/index.ts';

/** Values that labels of services usually have, tried in this order. */
const USUAL = [
  'success',
  'error',
  '200',
  '500',
  '404',
  'GET',
  'POST',
  '/',
  'true',
  'false',
  '0',
  '1',
  'a',
  'b',
];

/**
 * A value for a label that satisfies all `wanted` matchers and, where given, not all of `unwanted`; undefined where none
 * was found, since not every regular expression can be guessed. '' stands for a label that is absent.
 */
export function exampleValue(
  wanted: readonly Matcher[],
  unwanted: readonly Matcher[] = [],
  mayBeAbsent = true,
): string | undefined {
  const candidates = [
    ...wanted.flatMap(valuesOf),
    ...unwanted.flatMap(valuesOf),
    ...USUAL,
    ...(mayBeAbsent ? [''] : []),
  ];
  return candidates.find(
    value =>
      (mayBeAbsent || value !== '') &&
      wanted.every(matcher => matcher.matches(value)) &&
      (unwanted.length === 0 || !unwanted.every(matcher => matcher.matches(value))),
  );
}

/** Values that a matcher suggests: its own, or the alternatives of its pattern with the usual parts filled in. */
function valuesOf({ operator, value }: Matcher): string[] {
  if (operator === '=') return [value];
  if (operator === '!=' || value.length > MAX_PATTERN) return [];
  return value
    .replaceAll(/[()^$]|\?:/g, '')
    .split('|')
    .map(part =>
      part
        .replaceAll(/\.[*+]\??/g, 'x')
        .replaceAll(/(\\d|\[0-9\])[*+]?/g, '1')
        .replaceAll(/\[(.)[^\]]*\]/g, '$1')
        .replaceAll(/\\(.)/g, '$1')
        .replaceAll('.', '0')
        .replaceAll(/[*+?]/g, ''),
    );
}

const MAX_PATTERN = 500;
