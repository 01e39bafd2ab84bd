import { formatFloat, type Milliseconds, unreachable } from '../core/index.ts';
import type {
  AtModifier,
  BinaryExpr,
  CallExpr,
  DurationNode,
  Expr,
  MatrixSelector,
  SubqueryExpr,
  VectorMatching,
  VectorSelector,
} from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { roundToNanoseconds, toMilliseconds } from './nanoseconds.ts';
import { leftSpine } from './walk.ts';

/**
 * The syntax tree as JSON: the `data` of Prometheus's `/api/v1/parse_query` (web/api/v1/translate_ast.go), keys in the
 * same order.
 */
export function exprJson(expr: Expr): unknown {
  switch (expr.type) {
    case 'number':
      return { type: 'numberLiteral', val: formatFloat(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value.toWellFormed() };
    case 'paren':
      return { expr: exprJson(expr.expr), type: 'parenExpr' };
    case 'unary':
      return { expr: exprJson(expr.expr), op: expr.operator, type: 'unaryExpr' };
    case 'binary':
      return chainJson(expr);
    case 'call':
      return callJson(expr);
    case 'aggregate':
      return {
        expr: exprJson(expr.expr),
        grouping: expr.grouping,
        op: expr.operator,
        param: expr.param ? exprJson(expr.param) : null,
        type: 'aggregation',
        without: expr.without,
      };
    case 'vector':
      return vectorJson(expr);
    case 'matrix':
      return matrixJson(expr);
    case 'subquery':
      return subqueryJson(expr);
    default:
      return unreachable(expr);
  }
}

function chainJson(expr: BinaryExpr): unknown {
  const { first, rest } = leftSpine(expr);
  return rest.reduce(
    (lhs, { returnBool, matching, operator, right }) => ({
      bool: returnBool,
      lhs,
      matching: matching ? matchingJson(matching) : null,
      op: operator,
      rhs: exprJson(right),
      type: 'binaryExpr',
    }),
    exprJson(first),
  );
}

const matchingJson = ({ cardinality, include, labels, on }: VectorMatching) => ({
  card: cardinality,
  fillValues: { lhs: null, rhs: null },
  include,
  labels,
  on,
});

function callJson({ name, args }: CallExpr): unknown {
  const signature = FUNCTIONS.get(name)!;
  return {
    args: args.map(exprJson),
    func: {
      argTypes: signature.args,
      name,
      returnType: signature.returns,
      variadic: signature.variadic,
    },
    type: 'call',
  };
}

const vectorJson = ({ modifier, matchers, name, offset, at }: VectorSelector) => ({
  anchored: modifier === 'anchored',
  matchers: matchers.map(matcher => ({
    name: matcher.name.toWellFormed(),
    type: matcher.operator,
    value: matcher.value.toWellFormed(),
  })),
  name,
  offset: lengthJson(offset),
  offsetExpr: arithmeticJson(offset),
  smoothed: modifier === 'smoothed',
  startOrEnd: startOrEndJson(at),
  timestamp: timestampJson(at),
  type: 'vectorSelector',
});

function matrixJson({ selector, range }: MatrixSelector): unknown {
  const { anchored, matchers, name, offset, offsetExpr, ...rest } = vectorJson(selector);
  return {
    anchored,
    matchers,
    name,
    offset,
    offsetExpr,
    range: lengthJson(range),
    rangeExpr: arithmeticJson(range),
    ...rest,
    type: 'matrixSelector',
  };
}

const subqueryJson = ({ expr, offset, range, at, step }: SubqueryExpr) => ({
  expr: exprJson(expr),
  offset: lengthJson(offset),
  offsetExpr: arithmeticJson(offset),
  range: lengthJson(range),
  rangeExpr: arithmeticJson(range),
  startOrEnd: startOrEndJson(at),
  step: lengthJson(step),
  stepExpr: arithmeticJson(step),
  timestamp: timestampJson(at),
  type: 'subquery',
});

const startOrEndJson = (at: AtModifier | undefined): string | null =>
  at && at.kind !== 'time' ? at.kind : null;
const timestampJson = (at: AtModifier | undefined): Milliseconds | null =>
  at?.kind === 'time' ? at.timestamp : null;

/** The length of a plain duration; what arithmetic gives is not known yet, and 0. */
const lengthJson = (duration: DurationNode | undefined): Milliseconds =>
  duration?.kind === 'literal' ? toMilliseconds(roundToNanoseconds(duration.value)) : 0;

const arithmeticJson = (duration: DurationNode | undefined): unknown =>
  duration && duration.kind !== 'literal' ? durationJson(duration) : null;

function durationJson(duration: DurationNode): unknown {
  switch (duration.kind) {
    case 'literal':
      return { duration: duration.asDuration, type: 'numberLiteral', val: formatFloat(duration.value) };
    case 'step':
    case 'range':
      return operationJson(duration.kind, duration.wrapped);
    case 'unary':
      return operationJson(duration.operator, duration.wrapped, undefined, duration.operand);
    case 'binary':
      return operationJson(duration.operator, duration.wrapped, duration.left, duration.right);
    case 'min_of':
    case 'max_of':
      return operationJson(duration.kind, duration.wrapped, duration.left, duration.right);
    default:
      return unreachable(duration);
  }
}

const operationJson = (op: string, wrapped: boolean, left?: DurationNode, right?: DurationNode) => ({
  lhs: left ? durationJson(left) : null,
  op,
  rhs: right ? durationJson(right) : null,
  type: 'durationExpr',
  wrapped,
});
