import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMatcher, METRIC_NAME } from '../core/index.ts';
import {
  type DurationNode,
  type Expr,
  parseExpr,
  printExpr,
  type Span,
  type VectorSelector,
} from './index.ts';

const span: Span = { start: 0, end: 0, line: 1, column: 1 };
const name = fc.constantFrom('a', 'up', 'http_requests_total', 'job:rate:5m', 'sum', 'by', 'offset_x');
const label = fc.constantFrom('a', 'le', 'on', 'http.status', 'with space', 'é');
const labels = fc.uniqueArray(label, { maxLength: 3 });
const seconds = fc.integer({ min: 1, max: 10_000_000 }).map(ms => ms / 1000);
const literal = seconds.map((value): DurationNode => ({ kind: 'literal', value, asDuration: true }));
const duration: fc.Arbitrary<DurationNode> = fc.oneof(
  { weight: 4, arbitrary: literal },
  fc.record({
    kind: fc.constant('binary' as const),
    operator: fc.constantFrom('+' as const, '*' as const),
    left: fc.constant<DurationNode>({ kind: 'step' }),
    right: literal,
  }),
  fc.record({
    kind: fc.constant('max_of' as const),
    left: literal,
    right: fc.constant<DurationNode>({ kind: 'range' }),
  }),
);
const offset = fc.option(literal, { nil: undefined });
const at = fc.option(
  fc.oneof(
    fc.integer({ min: -1e12, max: 1e12 }).map(timestamp => ({ kind: 'time' as const, timestamp })),
    fc.constant({ kind: 'start' as const }),
    fc.constant({ kind: 'end' as const }),
  ),
  { nil: undefined },
);
const matcher = fc
  .tuple(
    label,
    fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
    fc.string({ unit: 'grapheme' }),
  )
  .map(([key, operator, value]) =>
    createMatcher(key, operator, operator.endsWith('~') ? value.replaceAll(/[^a-z]/g, '.') : value),
  );
const selector = fc.record({ name, matchers: fc.array(matcher, { maxLength: 3 }), offset, at }).map(
  (given): VectorSelector => ({
    type: 'vector',
    ...given,
    matchers: [...given.matchers, createMatcher(METRIC_NAME, '=', given.name)],
    span,
  }),
);
const matching = fc.record({
  cardinality: fc.constantFrom('one-to-one' as const, 'many-to-one' as const, 'one-to-many' as const),
  on: fc.boolean(),
  labels: fc.constantFrom(['a'], ['a', 'http.status']),
  include: fc.constantFrom([], ['b', 'c.d']),
});

// Infinities print with their sign, so that Prometheus's own form of `-Inf ^ 0` is no fixed point: it gains a sign.
const { vector } = fc.letrec<{ vector: Expr; scalar: Expr; matrix: Expr }>(tie => ({
  scalar: fc.oneof(
    { maxDepth: 4 },
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value): Expr => ({ type: 'number', value, asDuration: false, span })),
    tie('scalar').map((expr): Expr => ({ type: 'paren', expr, span })),
    fc.tuple(tie('scalar'), fc.constantFrom('+' as const, '^' as const, 'atan2' as const), tie('scalar')).map(
      ([left, operator, right]): Expr => ({
        type: 'binary',
        operator,
        left,
        right,
        returnBool: false,
        matching: { cardinality: 'one-to-one', on: false, labels: [], include: [] },
        span,
      }),
    ),
  ),
  matrix: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(selector, duration)
      .map(([each, range]): Expr => ({ type: 'matrix', selector: each, range, span })),
    fc.tuple(tie('vector'), duration, fc.option(duration, { nil: undefined }), offset, at).map(
      ([inner, range, step, shift, instant]): Expr => ({
        type: 'subquery',
        expr: { type: 'paren', expr: inner, span },
        range,
        step,
        offset: shift,
        at: instant,
        span,
      }),
    ),
  ),
  vector: fc.oneof(
    { maxDepth: 4 },
    selector,
    tie('vector').map((expr): Expr => ({ type: 'paren', expr, span })),
    tie('vector').map((expr): Expr => ({ type: 'unary', operator: '-', expr, span })),
    tie('matrix').map((arg): Expr => ({ type: 'call', name: 'rate', args: [arg], span })),
    tie('scalar').map((arg): Expr => ({ type: 'call', name: 'vector', args: [arg], span })),
    fc.tuple(tie('vector'), tie('scalar'), labels, fc.boolean()).map(
      ([expr, param, grouping, without]): Expr => ({
        type: 'aggregate',
        operator: 'topk',
        expr,
        param,
        grouping,
        without,
        span,
      }),
    ),
    fc.tuple(tie('vector'), tie('vector'), matching).map(
      ([left, right, how]): Expr => ({
        type: 'binary',
        operator: '>',
        left: { type: 'paren', expr: left, span },
        right: { type: 'paren', expr: right, span },
        returnBool: how.on,
        matching: how,
        span,
      }),
    ),
  ),
}));

it('any expression that is printed and parsed again prints the same', () => {
  fc.assert(
    fc.property(vector, expr => {
      const printed = printExpr(expr);
      expect(printExpr(parseExpr(printed))).toBe(printed);
    }),
    { numRuns: 1000 },
  );
});
