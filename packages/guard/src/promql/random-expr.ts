import fc from 'fast-check';
import { compareStrings, createMatcher, METRIC_NAME } from '../core/index.ts';
import type { AtModifier, DurationNode, Expr, Span, VectorSelector } from './ast.ts';

/** Random trees as the parser builds them, but for positions; matchers stand in the order that they are printed in. */

const span: Span = { start: 0, end: 0, line: 1, column: 1 };
const name = fc.constantFrom(
  'a',
  'up',
  'http_requests_total',
  'job:rate:5m',
  'sum',
  'by',
  'offset',
  'step',
  'and',
);
const label = fc.constantFrom('a', 'le', 'on', 'http.status', 'with space', 'é', '');
const labels = fc.uniqueArray(fc.constantFrom('a', 'le', 'on', 'http.status', 'é'), { maxLength: 3 });
/** Whole quarters: the original loses a millisecond of some others when it prints them. */
const seconds = fc.integer({ min: 1, max: 100_000 }).map(quarters => quarters / 4);
const literal = seconds.map((value): DurationNode => ({ kind: 'literal', value, asDuration: true }));
const wrapped = fc.boolean();
const range = fc.constant<[number, number]>([0, 0]);
const duration = fc.letrec<{ any: DurationNode; sum: DurationNode; wrapped: DurationNode }>(tie => ({
  any: fc.oneof({ maxDepth: 3 }, { weight: 4, arbitrary: literal }, tie('sum'), tie('wrapped')),
  wrapped: tie('sum').map((node): DurationNode => ({ ...node, wrapped: true }) as DurationNode),
  sum: fc.oneof(
    fc.record({ kind: fc.constantFrom('step' as const, 'range' as const), wrapped, range }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom('+' as const, '*' as const, '^' as const),
      left: tie('wrapped'),
      right: fc.oneof(literal, tie('wrapped')),
      wrapped,
      range,
    }),
    fc.record({
      kind: fc.constantFrom('min_of' as const, 'max_of' as const),
      left: tie('any'),
      right: tie('any'),
      wrapped,
      range,
    }),
    literal.map(
      (operand): DurationNode => ({ kind: 'unary', operator: '+', operand, wrapped: true, range: [0, 0] }),
    ),
  ),
})).any;
const offset = fc.option(literal, { nil: undefined });
const at = fc.option(
  fc.oneof(
    fc.integer({ min: -1e12, max: 1e12 }).map((timestamp): AtModifier => ({ kind: 'time', timestamp })),
    fc.constant<AtModifier>({ kind: 'start' }),
    fc.constant<AtModifier>({ kind: 'end' }),
  ),
  { nil: undefined },
);
const modifier = fc.constantFrom(undefined, undefined, 'anchored' as const, 'smoothed' as const);
/** None newer than Unicode 15, by which Go tells what is printable. */
const character = fc.constantFrom(
  ...['a', 'Z', '0', ' ', '.', '*', '|', '"', "'", '`', '\\', '{', '#', '\n', '\t', '\0', '\x7f'],
  ...['\u00a0', '\u00ad', '\u2028', '\ue000', 'é', 'ß', '温', '\u{1f600}', '\u{e0001}', '\u200d', '\u0301'],
);
const matcher = fc
  .tuple(
    label,
    fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
    fc.string({ unit: character, maxLength: 8 }),
  )
  .map(([key, operator, value]) =>
    createMatcher(key, operator, operator.endsWith('~') ? value.replaceAll(/[^a-z]/g, '.') : value),
  );
const isPlain = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);
const printedOrder = (key: string): string => (isPlain(key) ? key : JSON.stringify(key));
const matchers = fc
  .uniqueArray(matcher, { maxLength: 3, selector: each => each.name })
  .map(list => list.toSorted((x, y) => compareStrings(printedOrder(x.name), printedOrder(y.name))));
const selector = fc.record({ name, matchers, offset, at, modifier }).map(
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
});

const paren = (expr: Expr): Expr => ({ type: 'paren', expr, span });

export const { scalar: randomScalar, vector: randomVector } = fc.letrec<{
  vector: Expr;
  scalar: Expr;
  matrix: Expr;
}>(tie => ({
  scalar: fc.oneof(
    { maxDepth: 4 },
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: 0 })
      .map((value): Expr => ({ type: 'number', value, asDuration: false, span })),
    seconds.map((value): Expr => ({ type: 'number', value, asDuration: true, span })),
    tie('scalar').map(paren),
    fc.tuple(tie('scalar'), fc.constantFrom('+' as const, '^' as const, 'atan2' as const), tie('scalar')).map(
      ([left, operator, right]): Expr => ({
        type: 'binary',
        operator,
        left: paren(left),
        right: paren(right),
        returnBool: false,
        matching: undefined,
        returns: 'scalar',
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
        expr: paren(inner),
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
    tie('vector').map(paren),
    tie('vector').map((expr): Expr => ({ type: 'unary', operator: '-', expr: paren(expr), span })),
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
    fc.tuple(tie('vector'), tie('vector'), matching, fc.constantFrom([], ['b', 'c.d'])).map(
      ([left, right, how, include]): Expr => ({
        type: 'binary',
        operator: '>',
        left: paren(left),
        right: paren(right),
        returnBool: how.on,
        matching: { ...how, include: how.cardinality === 'one-to-one' ? [] : include },
        returns: 'vector',
        span,
      }),
    ),
    fc.tuple(tie('vector'), fc.constantFrom('and' as const, 'or' as const), tie('vector')).map(
      ([left, operator, right]): Expr => ({
        type: 'binary',
        operator,
        left: paren(left),
        right: paren(right),
        returnBool: false,
        matching: { cardinality: 'many-to-many', on: false, labels: [], include: [] },
        returns: 'vector',
        span,
      }),
    ),
  ),
}));
