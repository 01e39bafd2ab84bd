import { describe, expect, it } from 'vitest';
import { humanize, humanize1024, humanizeDuration, humanizePercentage, toNumber } from './humanize.ts';
import { fullBudget, templateFunctions } from './template-functions.ts';

describe('numbers for people', () => {
  it.each([
    [humanize, 0, '0'],
    [humanize, 1_234_567, '1.235M'],
    [humanize, 0.0123, '12.3m'],
    [humanize, -999.9, '-999.9'],
    [humanize, Number.POSITIVE_INFINITY, '+Inf'],
    [humanize1024, 1_048_576, '1Mi'],
    [humanize1024, 0.5, '0.5'],
    [humanizeDuration, 0, '0s'],
    [humanizeDuration, 0.012, '12ms'],
    [humanizeDuration, 59.9, '59.9s'],
    [humanizeDuration, 3661, '1h 1m 1s'],
    [humanizeDuration, -90_061, '-1d 1h 1m 1s'],
    [humanizePercentage, 0.1234567, '12.35%'],
  ])('%o of %d is %s', (format, value, text) => {
    expect(format(value)).toBe(text);
  });

  it('takes texts and integers, and refuses the rest', () => {
    expect([toNumber('1.5'), toNumber(3n)]).toEqual([1.5, 3]);
    expect(() => toNumber('x')).toThrow('convert');
  });
});

describe("Prometheus's template functions", () => {
  const functions = templateFunctions({
    query: () => [],
    at: 1500,
    externalUrl: 'http://h/p',
    budget: fullBudget(),
  });
  it.each([
    ['stripPort', ['host:80'], 'host'],
    ['stripPort', ['[::1]:80'], '::1'],
    ['stripPort', ['host'], 'host'],
    ['stripDomain', ['a.b.c:80'], 'a:80'],
    ['stripDomain', ['10.0.0.1:80'], '10.0.0.1:80'],
    ['title', ['aa bB'], 'Aa BB'],
    ['match', ['a+', 'caab'], true],
    ['reReplaceAll', ['(a)b', '$1-', 'abab'], '$1-$1-'.replaceAll('$1', 'a')],
    ['now', [], 1.5],
    ['parseDuration', ['-1m30s'], -90],
    ['pathPrefix', [], '/p'],
    ['externalURL', [], 'http://h/p'],
    ['tableLink', ['up > 0'], '/graph?g0.expr=up+%3E+0&g0.tab=1'],
    ['graphLink', ['up'], '/graph?g0.expr=up&g0.tab=0'],
  ])('%s of %j', (name, args, result) => {
    expect(functions.get(name)!(...args)).toEqual(result);
  });

  it('first fails on nothing', () => {
    expect(() => functions.get('first')!([])).toThrow('no elements');
  });
});
