import { describe, expect, it } from 'vitest';
import { Labels } from '../../core/index.ts';
import { createEngine, exprJson, formatExpr, parseExpr, printExpr, selectorsOf } from '../index.ts';
import { createMemoryStorage } from '../testing.ts';

const storage = createMemoryStorage();
const appender = storage.appender();
for (let i = 0; i < 40; i++) appender.append(Labels.of({ __name__: 'x', a: '1' }), i * 15_000, i);
appender.commit();
const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 1e7 });
const AT = 600_000;

const nested = (before: string, inner: string, after: string, times: number): string =>
  before.repeat(times) + inner + after.repeat(times);

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');

/** As deep and as long as the parser takes them. */
const DEEPEST: [what: string, text: string][] = [
  ['parentheses', nested('(', 'x', ')', 499)],
  ['functions', nested('abs(', 'x', ')', 499)],
  ['functions of labels', nested('label_replace(', 'x', ', "b", "$1", "a", "(.*)")', 499)],
  ['aggregations', nested('sum by (a) (', 'x', ')', 499)],
  ['signs', nested('-', 'x', '', 499)],
  ['powers', nested('x ^ ', 'x', '', 499)],
  ['right sides', nested('x + (', 'x', ')', 249)],
  ['subqueries', nested('max_over_time(', 'x', '[1m:30s])', 249)],
  ['parameters', nested('topk(scalar(', 'x', '), x)', 166)],
  ['scalars', `vector(${nested('scalar(vector(', '1', '))', 249)})`],
  ['unions', nested('x or ', 'x', '', 2499)],
  ['sums', nested('x + ', 'x', '', 2499)],
  ['comparisons', nested('x == ', 'x', '', 2499)],
  ['sums of scalars', `vector(${nested('1 + ', '1', '', 2499)})`],
  ['durations in parentheses', `last_over_time(x[${nested('(', '60', ')', 499)}])`],
  ['sums of durations', `last_over_time(x[${nested('1 + ', '1', '', 2499)}])`],
];

describe('every walk over a tree holds for the deepest', () => {
  it.each(DEEPEST)('%s', (_, text) => {
    const expr = parseExpr(text);
    const printed = printExpr(expr);
    expect(withoutBlanks(formatExpr(expr))).toBe(withoutBlanks(printed));
    expect(JSON.stringify(exprJson(expr)).length).toBeGreaterThan(printed.length);
    expect(selectorsOf(expr).length).toBeGreaterThanOrEqual(0);
    const instant = engine.instant(storage, expr, AT);
    const range = engine.range(storage, expr, { start: AT - 30_000, end: AT, step: 30_000 });
    expect([instant.type, range.type]).toEqual(['vector', 'matrix']);
  });
});

describe('long unions', () => {
  it('give what joining one after the other gives', () => {
    const union = engine.instant(
      storage,
      parseExpr('x{a="2"} or x or on (a) x * 2 or vector(1) or vector(2)'),
      AT,
    );
    const joined = engine.instant(
      storage,
      parseExpr('((((x{a="2"} or x)) or on (a) x * 2)) or (vector(1) or vector(2))'),
      AT,
    );
    expect(union).toEqual(joined);
  });
});
