import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { parseErrorText, parseExpr, printExpr, type SelectorUse, selectorsOf, typeOf } from './index.ts';

function errorOf(text: string): UserError {
  try {
    parseExpr(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return expect.unreachable(`${text.slice(0, 100)} should not parse`);
}

/** Expressions with what Prometheus 3.16's own parser says of them. */
const refused: [text: string, error: string][] = readFileSync(
  new URL('./parser/testdata/refused.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line));

describe('parseExpr', () => {
  it('refuses what Prometheus refuses, at the same place and in the same words', () => {
    expect(refused.map(([text]) => [text, parseErrorText(errorOf(text))])).toEqual(refused);
    expect(new Set(refused.map(([text]) => errorOf(text).code))).toEqual(new Set(['bad-promql']));
  });

  it.each([
    ['', undefined, 'no expression found in input'],
    ['sum(\n  rat(x[5m])\n)', { line: 2, column: 3 }, 'unknown function with name "rat"'],
    ['{a="é"} b', { line: 1, column: 10 }, 'unexpected identifier "b"'],
  ])('tells the place in %j, columns in bytes', (text, position, message) => {
    const [problem] = errorOf(text).problems;
    expect(problem!.position).toEqual(position);
    expect(problem!.message).toBe(message);
  });

  it('shows the place with a caret, which counts characters', () => {
    expect(errorOf('sum(\n  rat(x[5m])\n)').problems[0]!.excerpt).toBe('    rat(x[5m])\n    ^');
    expect(errorOf('{a="é"} b').problems[0]!.excerpt).toBe('  {a="é"} b\n          ^');
  });

  it('says what to do instead of an experimental function', () => {
    expect(errorOf('mad_over_time(x[5m])').problems[0]!.remedy).toMatch(/use stable functions/);
  });

  it.each([
    [
      'parentheses that would exhaust the stack',
      `${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
      /nested deeper/,
    ],
    ['calls that would', `${'abs('.repeat(10_000)}x${')'.repeat(10_000)}`, /nested deeper/],
    ['signs that would', `${'-'.repeat(100_000)}x`, /nested deeper/],
    ['powers that would', `${'x ^ '.repeat(10_000)}x`, /nested deeper/],
    ['durations that would', `x[${'-'.repeat(10_000)}step()]`, /nested deeper/],
    ['sums of durations that would', `x[${'1 + '.repeat(10_000)}1]`, /nested deeper/],
    ['chains that would', `x${' or x'.repeat(100_000)}`, /nested deeper/],
    ['subqueries that would', `x${'[1m:]'.repeat(10_000)}`, /nested deeper/],
    ['more than a megabyte', ' '.repeat(2 ** 20 + 1), /the limit is 1048576/],
  ])('refuses %s by name', (_, text, message) => {
    expect(errorOf(text)).toMatchObject({ code: 'unsupported-promql' });
    expect(errorOf(text).message).toMatch(message);
  });

  it('takes what dashboards generate: long chains, many labels, deep parentheses', () => {
    const chain = parseExpr(Array.from({ length: 2000 }, (_, i) => `x_${i}{job="${i}"}`).join(' or '));
    expect(selectorsOf(chain)).toHaveLength(2000);
    expect(parseExpr(printExpr(chain))).toMatchObject({ type: 'binary', operator: 'or' });
    const matchers = Array.from({ length: 20_000 }, (_, i) => `l${i}="${'x'.repeat(30)}"`).join(',');
    expect(selectorsOf(parseExpr(`{${matchers}}`))[0]!.selector.matchers).toHaveLength(20_000);
    expect(typeOf(parseExpr(`${'('.repeat(400)}x${')'.repeat(400)}`))).toBe('vector');
  });

  it('takes regular expressions of catastrophic shape, which match in linear time', () => {
    const [{ selector }] = selectorsOf(parseExpr('x{a=~"(a+)+b|(a|aa)+c|(.*)*d"}')) as [SelectorUse];
    expect(selector.matchers[0]!.matches('a'.repeat(10_000))).toBe(false);
    expect(parseErrorText(errorOf('x{a=~"((a{100}){100}){100}"}'))).toBe(
      '1:3: parse error: error parsing regexp: invalid repeat count: `{100}`',
    );
  });

  it('answers any text with an expression or an error of its own', () => {
    const token = fc.constantFrom(
      ...[
        '(',
        ')',
        '{',
        '}',
        '[',
        ']',
        ',',
        '+',
        '-',
        '^',
        '==',
        '=',
        '=~',
        '@',
        ':',
        '"x"',
        "'",
        '`',
        '#',
        '\\',
      ],
      ...[
        '5m',
        '1',
        '0x',
        '1e',
        'foo',
        'sum',
        'by',
        'on',
        'offset',
        'bool',
        'start',
        'step()',
        'and',
        '\n',
        ' ',
      ],
      ...['group_left', 'smoothed', 'rate(', 'fill(', '\u{1f600}', '\ud800', '\ufffd', '\0'],
    );
    const soup = fc.array(token, { maxLength: 30 }).map(tokens => tokens.join(''));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 60 })), text => {
        try {
          expect(typeOf(parseExpr(text))).toMatch(/^(?:scalar|vector|matrix|string)$/);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.code).toMatch(/^(?:bad|unsupported)-promql$/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('takes a megabyte of one token after another without a deep stack', () => {
    for (const part of [
      '(',
      'x ',
      '-',
      '1+',
      '[1:',
      'a{',
      '"',
      '\\',
      'x[5m:]',
      'sum by(',
      '#',
      '0x',
      'é',
      'x or ',
    ]) {
      const text = part.repeat(Math.floor(2 ** 20 / part.length));
      expect(errorOf(text)).toBeInstanceOf(UserError);
    }
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

describe('operators', () => {
  it.each([
    ['a + b offset 5m * c', 'b offset 5m * c'],
    ['a * b @ 10 ^ c', 'b @ 10.000 ^ c'],
    ['a offset 5m + 2', '2'],
    ['a offset step() + 2', '2'],
    ['a ^ -b ^ c', '-b ^ c'],
    ['a * -b * c', 'c'],
  ])('bind in %s as in Prometheus', (text, right) => {
    const expr = parseExpr(text);
    expect(expr.type === 'binary' && printExpr(expr.right)).toBe(right);
  });

  it('leave the tree of an offset whole', () => {
    expect(parseExpr('a offset (5m) + 2')).toMatchObject({ type: 'vector', offset: { kind: 'binary' } });
    expect(parseExpr('a offset --5m + 2')).toMatchObject({ type: 'vector', offset: { kind: 'binary' } });
  });
});
