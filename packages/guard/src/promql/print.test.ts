import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exprJson, formatExpr, parseExpr, printExpr } from './index.ts';
import { randomScalar, randomVector } from './random-expr.ts';

/** Expressions with how Prometheus 3.16's own parser prints them. */
const printed: [text: string, printed: string][] = readFileSync(
  new URL('./parser/testdata/printed.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line));

const random = fc.oneof(randomVector, randomScalar);

describe('printExpr', () => {
  it('prints what Prometheus accepts as Prometheus does', () => {
    expect(printed.map(([text]) => [text, printExpr(parseExpr(text))])).toEqual(printed);
  });

  it('prints what parses to the same tree', () => {
    fc.assert(
      fc.property(random, expr => {
        expect(exprJson(parseExpr(printExpr(expr)))).toEqual(exprJson(expr));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('formatExpr', () => {
  it('leaves what fits on a line of 100 bytes', () => {
    const text = `sum(rate(${'x'.repeat(84)}[5m]))`;
    expect(text).toHaveLength(99);
    expect(formatExpr(parseExpr(text))).toBe(text);
  });

  it('splits what does not, level by level', () => {
    const text =
      'sum by (service) (rate(http_requests_total{status="error",service=~"a|b"}[5m] offset 1m)) / ' +
      'sum by (service) (rate(http_requests_total{service=~"a|b"}[5m] offset 1m)) > bool 0.5 or vector(0)';
    expect(formatExpr(parseExpr(text))).toMatchInlineSnapshot(`
      "      sum by (service) (rate(http_requests_total{service=~"a|b",status="error"}[5m] offset 1m))
          /
            sum by (service) (rate(http_requests_total{service=~"a|b"}[5m] offset 1m))
        > bool
          0.5
      or
        vector(0)"
    `);
  });

  it('prints what parses to the same tree', () => {
    fc.assert(
      fc.property(random, expr => {
        expect(exprJson(parseExpr(formatExpr(expr)))).toEqual(exprJson(expr));
      }),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to the text, however deep it nests', () => {
    const deep = parseExpr(`${'abs('.repeat(450)}${'x'.repeat(100_000)}${')'.repeat(450)}`);
    expect(formatExpr(deep).split('\n')).toHaveLength(901);
    const chain = parseExpr(Array.from({ length: 1000 }, (_, i) => `x_${i}`).join(' or '));
    expect(formatExpr(chain)).toContain('\nor\n');
  });
});
