import { describe, expect, it } from 'vitest';
import type { Answer, Metric, QueryData } from './ask.ts';
import { type CompareOptions, difference } from './compare.ts';
import { EXACT } from './inexact.ts';

const exact: CompareOptions = { ...EXACT, order: 'series' };
const near: CompareOptions = { ...exact, tolerance: 1e-12 };

const answer = (data: QueryData, rest: Partial<Answer> = {}): Answer => ({
  status: 'success',
  data,
  ...rest,
});
const vector = (...samples: ReadonlyArray<readonly [Metric, string]>) =>
  answer({ resultType: 'vector', result: samples.map(([metric, value]) => ({ metric, value: [1, value] })) });
const scalar = (value: string) => answer({ resultType: 'scalar', result: [1, value] });
const matrix = (...values: string[]) =>
  answer({ resultType: 'matrix', result: [{ metric: { a: '1' }, values: values.map((v, i) => [i, v]) }] });

const a = { a: '1', b: '2' };
const b = { b: '3' };

describe('two answers', () => {
  it.each([
    ['equal ones', vector([a, '1'], [b, 'NaN']), vector([{ b: '2', a: '1' }, '1'], [b, 'NaN'])],
    [
      'the same error',
      { status: 'error', errorType: 'bad_data' },
      { status: 'error', errorType: 'bad_data' },
    ],
    [
      'warnings in another order',
      { ...scalar('1'), warnings: ['x', 'y'] },
      { ...scalar('1'), warnings: ['y', 'x'] },
    ],
  ] as ReadonlyArray<[string, Answer, Answer]>)('are alike: %s', (_, theirs, ours) => {
    expect(difference(theirs, ours, exact)).toBeUndefined();
  });

  it.each([
    ['a last digit', scalar('0.30000000000000004'), scalar('0.3')],
    ['a sign of zero', scalar('0'), scalar('-0')],
    ['a label', vector([a, '1']), vector([{ ...a, c: '4' }, '1'])],
    ['an order', vector([a, '1'], [b, '2']), vector([b, '2'], [a, '1'])],
    ['a series too many', vector([a, '1']), vector([a, '1'], [b, '1'])],
    ['a series too few', vector([a, '1'], [b, '1']), vector([a, '1'])],
    ['a type', scalar('1'), vector([{}, '1'])],
    ['a point', matrix('1', '2'), matrix('1')],
    ['a success', scalar('1'), { status: 'error', errorType: 'execution' }],
    [
      'a kind of error',
      { status: 'error', errorType: 'bad_data' },
      { status: 'error', errorType: 'execution' },
    ],
    ['a warning', { ...scalar('1'), warnings: ['x'] }, scalar('1')],
    ['an info', scalar('1'), { ...scalar('1'), infos: ['x'] }],
  ] as ReadonlyArray<[string, Answer, Answer]>)('differ in %s', (_, theirs, ours) => {
    expect(difference(theirs, ours, exact)).toBeDefined();
  });

  it('may differ in their last bits where that is allowed, and in no more', () => {
    expect(difference(scalar('1.0000000000001'), scalar('1'), near)).toBeUndefined();
    expect(difference(scalar('1.00000000001'), scalar('1'), near)).toBeDefined();
    expect(difference(scalar('1e-20'), scalar('2e-20'), near)).toBeDefined();
    expect(difference(scalar('1e-20'), scalar('2e-20'), { ...near, scale: 1 })).toBeUndefined();
    expect(difference(scalar('NaN'), scalar('1'), near)).toBeDefined();
    expect(difference(scalar('+Inf'), scalar('1'), near)).toBeDefined();
    expect(difference(scalar('-709'), scalar('-744'), { ...near, least: -708 })).toBeUndefined();
    expect(difference(scalar('-707'), scalar('-744'), { ...near, least: -708 })).toBeDefined();
    expect(difference(scalar('-Inf'), scalar('-1e308'), near)).toBeDefined();
    expect(difference(scalar('-Inf'), scalar('-1e308'), { ...near, overflow: 1e308 })).toBeUndefined();
    expect(difference(scalar('-Inf'), scalar('1e308'), { ...near, overflow: 1e308 })).toBeDefined();
  });

  it('may come in another order where only that of values, or none, is defined', () => {
    const [ties, swapped] = [vector([a, '1'], [b, '1']), vector([b, '1'], [a, '1'])];
    expect(difference(ties, swapped, { ...exact, order: 'values' })).toBeUndefined();
    const [zeros, otherZeros] = [vector([a, '0'], [b, '-0']), vector([b, '-0'], [a, '0'])];
    expect(difference(zeros, otherZeros, { ...exact, order: 'values' })).toBeUndefined();
    const [sorted, unsorted] = [vector([a, '1'], [b, '2']), vector([b, '2'], [a, '1'])];
    expect(difference(sorted, unsorted, { ...exact, order: 'values' })).toBeDefined();
    expect(difference(sorted, unsorted, { ...exact, order: 'none' })).toBeUndefined();
  });
});
