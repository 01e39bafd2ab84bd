import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { parseExpr, printExpr, selectorsOf, typeOf } from './index.ts';

function errorOf(text: string) {
  try {
    parseExpr(text);
  } catch (error) {
    if (error instanceof UserError) return error.problems[0]!;
    throw error;
  }
  return expect.unreachable(`${text} should not parse`);
}

describe('parseExpr', () => {
  it.each([
    ['', 1, 1, 'no expression found in input'],
    ['sum(', 1, 5, 'unexpected end of input'],
    ['foo bar', 1, 5, 'unexpected "bar"'],
    ['foo{a="b" c="d"}', 1, 11, 'unexpected "c"'],
    ['sum(\n  rat(x[5m])\n)', 2, 3, 'unknown function with name "rat"'],
    ['rate(x)', 1, 6, 'expected type range vector in call to function "rate", got instant vector'],
    ['x + rate(y[5m], 1)', 1, 5, 'expected 1 argument(s) in call to "rate", got 2'],
    ['{a=~".*"}', 1, 1, 'vector selector must contain at least one non-empty matcher'],
    ['foo{__name__="bar"}', 1, 1, 'metric name must not be set twice: "foo" or "bar"'],
    ['1 == 1', 1, 1, 'comparisons between scalars must use BOOL modifier'],
    ['x and 1', 1, 1, 'set operator "and" not allowed in binary scalar expression'],
    ['x + bool y', 1, 1, 'bool modifier can only be used on comparison operators'],
    ['x[0s]', 1, 3, 'duration must be greater than 0'],
    ['rate(x)[5m]', 1, 1, 'ranges only allowed for vector selectors'],
    ['sum(x) offset 5m', 1, 1, /offset modifier must be preceded by/],
    ['x offset 1m offset 2m', 1, 1, 'offset may not be set multiple times'],
    ['x @ NaN', 1, 5, /timestamp out of bounds/],
    ['"a\\q"', 1, 3, 'unknown escape sequence "\\\\q"'],
    ["'open", 1, 1, 'unterminated quoted string'],
    ['x{a=~"("}', 1, 6, /invalid regular expression/],
    ['x + on(a) group_left(a) y', 1, 1, 'label "a" must not occur in ON and GROUP clause at once'],
  ] as const)('refuses %j at %d:%d', (text, line, column, message) => {
    const problem = errorOf(text);
    expect(problem).toMatchObject({ code: 'bad-promql', position: { line, column } });
    expect(problem.message).toMatch(message);
  });

  it('shows the place with a caret', () => {
    expect(errorOf('sum(\n  rat(x[5m])\n)').excerpt).toBe('    rat(x[5m])\n    ^');
  });

  it.each([
    'limitk(1, x)',
    'mad_over_time(x[5m])',
    'max_of(1, 2)',
    'histogram_sum(x)',
    'rate(x[5m] smoothed)',
    'x </ 5',
    'x + fill(0) y',
  ])('refuses %s by name', text => {
    expect(errorOf(text).code).toBe('unsupported-promql');
  });

  it('refuses nesting that would exhaust the stack', () => {
    expect(errorOf(`${'('.repeat(2000)}1${')'.repeat(2000)}`).message).toMatch(/nested deeper than/);
  });

  it('finds selectors and types', () => {
    const expr = parseExpr('sum(rate(a_total{x="1"}[5m])) / b > 2');
    expect(typeOf(expr)).toBe('vector');
    expect(selectorsOf(expr).map(({ selector, matrix }) => [selector.name, matrix !== undefined])).toEqual([
      ['a_total', true],
      ['b', false],
    ]);
  });
});

describe('printExpr', () => {
  it.each([
    ['SUM( rate(x_total{b="2",a=~"1"}[300]) )BY(job)', 'sum by (job) (rate(x_total{a=~"1",b="2"}[5m]))'],
    ['-1^2', '-1 ^ 2'],
    ['a+ b offset 90m', 'a + b offset 1h30m'],
    ['{"x.y",z="1"} @ 1.5', '{__name__="x.y",z="1"} @ 1.500'],
    ['x > bool on(a) group_left(b) y', 'x > bool on (a) group_left (b) y'],
    ['x unless ignoring(a,"b.c") y', 'x unless ignoring (a, "b.c") y'],
    ['topk(3,x)', 'topk(3, x)'],
    ['count_values("v",x) without(a)', 'count_values without (a) ("v", x)'],
    ['x[1h:] @ end() offset -5m', 'x[1h:] @ end() offset -5m'],
    ['1e3 + 0x10 + .5 + 2. + 1h', '1000 + 16 + 0.5 + 2 + 1h'],
    ["'it'", '"it"'],
    ['rate(x[(step() + 1) * 2])', 'rate(x[(step() + 1) * 2])'],
  ])('prints %s', (text, printed) => {
    expect(printExpr(parseExpr(text))).toBe(printed);
  });

  it.each([
    ['a + b offset 5m * c', 'b offset 5m * c'],
    ['a * b @ 10 ^ c', 'b @ 10.000 ^ c'],
    ['a or b and c[5m:] offset 1m', undefined],
  ])('binds modifiers and operators of %s as Prometheus does', (text, right) => {
    if (right === undefined) {
      expect(errorOf(text).message).toMatch(/binary expression must contain only/);
      return;
    }
    const expr = parseExpr(text);
    expect(expr.type === 'binary' && printExpr(expr.right)).toBe(right);
  });
});
