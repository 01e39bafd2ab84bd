import { goQuote, METRIC_NAME, unreachable } from '../core/index.ts';
import {
  type AggregateExpr,
  type BinaryExpr,
  type CallExpr,
  type Expr,
  isComparison,
  isSetOperator,
  type SubqueryExpr,
  type UnaryExpr,
  type ValueType,
  type VectorMatching,
  type VectorSelector,
} from './ast.ts';
import { parseError } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { describeType, typeOf } from './type-of.ts';
import { leftSpine } from './walk.ts';

/**
 * Checks that every operand has the type its place wants, in the order of Prometheus (checkAST of
 * promql/parser/parse.go), so that of several faults the same one is told.
 *
 * @throws UserError `bad-promql`
 */
export function checkTypes(text: string, expr: Expr): void {
  const fail: Fail = (start, message) => {
    throw parseError(text, start, message);
  };
  switch (expr.type) {
    case 'aggregate':
      checkAggregate(text, expr, fail);
      break;
    case 'binary':
      checkChain(text, expr, fail);
      break;
    case 'call':
      checkCall(text, expr, fail);
      break;
    case 'paren':
      checkTypes(text, expr.expr);
      break;
    case 'unary':
      checkUnary(text, expr, fail);
      break;
    case 'subquery':
      checkSubquery(text, expr, fail);
      break;
    case 'vector':
      checkSelector(expr, fail);
      break;
    case 'matrix':
      checkSelector(expr.selector, fail);
      break;
    case 'number':
    case 'string':
      break;
    default:
      unreachable(expr);
  }
}

type Fail = (start: number, message: string) => never;

function checkUnary(text: string, { expr, span }: UnaryExpr, fail: Fail): void {
  checkTypes(text, expr);
  const type = typeOf(expr);
  if (!isOperand(type))
    fail(
      span.start,
      `unary expression only allowed on expressions of type scalar or instant vector, got ${goQuote(describeType(type))}`,
    );
}

function checkSubquery(text: string, { expr, span }: SubqueryExpr, fail: Fail): void {
  checkTypes(text, expr);
  const type = typeOf(expr);
  if (type !== 'vector') fail(span.start, `subquery is only allowed on instant vector, got ${type} instead`);
}

function checkAggregate(text: string, { expr, param, operator }: AggregateExpr, fail: Fail): void {
  expectType(text, expr, 'vector', 'aggregation expression', fail);
  const wanted = operator === 'count_values' ? 'string' : 'scalar';
  if (param) expectType(text, param, wanted, 'aggregation parameter', fail);
}

function expectType(text: string, expr: Expr, wanted: ValueType, context: string, fail: Fail): void {
  checkTypes(text, expr);
  const type = typeOf(expr);
  if (type !== wanted)
    fail(expr.span.start, `expected type ${describeType(wanted)} in ${context}, got ${describeType(type)}`);
}

function checkChain(text: string, expr: BinaryExpr, fail: Fail): void {
  const { first, rest } = leftSpine(expr);
  checkTypes(text, first);
  for (const link of rest) {
    checkTypes(text, link.right);
    checkBinary(text, link, fail);
  }
}

const isOperand = (type: ValueType): boolean => type === 'scalar' || type === 'vector';

function checkBinary(text: string, expr: BinaryExpr, fail: Fail): void {
  const { operator, left, right, returnBool, matching, span } = expr;
  const [leftType, rightType] = [typeOf(left), typeOf(right)];
  if (returnBool && !isComparison(operator))
    fail(operatorStart(text, left), 'bool modifier can only be used on comparison operators');
  if (isComparison(operator) && !returnBool && leftType === 'scalar' && rightType === 'scalar')
    fail(operatorStart(text, left), 'comparisons between scalars must use BOOL modifier');
  const twice = matching?.on && sharedLabel(matching);
  if (twice)
    fail(operatorStart(text, left), `label ${goQuote(twice)} must not occur in ON and GROUP clause at once`);
  for (const operand of [left, right])
    if (!isOperand(typeOf(operand)))
      fail(operand.span.start, 'binary expression must contain only scalar and instant vector types');
  const bothVectors = leftType === 'vector' && rightType === 'vector';
  if (!bothVectors && matching && matching.labels.length > 0)
    fail(span.start, 'vector matching only allowed between instant vectors');
  if (isSetOperator(operator)) checkSetOperator(expr, bothVectors, fail);
}

function sharedLabel({ labels, include }: VectorMatching): string | undefined {
  const included = new Set(include);
  return labels.find(label => included.has(label));
}

function checkSetOperator({ operator, matching, span }: BinaryExpr, bothVectors: boolean, fail: Fail): void {
  if (!bothVectors)
    fail(span.start, `set operator ${goQuote(operator)} not allowed in binary scalar expression`);
  if (matching && matching.cardinality !== 'many-to-many')
    fail(span.start, `no grouping allowed for ${goQuote(operator)} operation`);
}

/** The first character after the left side that is no blank. */
function operatorStart(text: string, left: Expr): number {
  const rest = /[^ \t\n\r]/g;
  rest.lastIndex = left.span.end;
  return rest.exec(text)!.index;
}

function checkCall(text: string, expr: CallExpr, fail: Fail): void {
  const { args, variadic } = FUNCTIONS.get(expr.name)!;
  checkCount(expr, fail);
  for (const [i, arg] of expr.args.entries()) {
    // The last type stands for all further arguments of a function that takes any number.
    if (i >= args.length && variadic === 0) break;
    const wanted = args[Math.min(i, args.length - 1)]!;
    expectType(text, arg, wanted, `call to function ${goQuote(expr.name)}`, fail);
  }
}

function checkCount({ name, args: given, span }: CallExpr, fail: Fail): void {
  const { args, variadic } = FUNCTIONS.get(name)!;
  const least = variadic === 0 ? args.length : args.length - 1;
  const most = variadic < 0 ? Number.POSITIVE_INFINITY : least + variadic;
  const bound = variadic === 0 ? '' : given.length < least ? 'at least ' : 'at most ';
  if (given.length < least || given.length > most)
    fail(
      span.start,
      `expected ${bound}${given.length < least ? least : most} argument(s) in call to ${goQuote(name)}, got ${given.length}`,
    );
}

function checkSelector({ name, matchers, span }: VectorSelector, fail: Fail): void {
  if (name === '') {
    if (matchers.every(matcher => matcher.matches('')))
      fail(span.start, 'vector selector must contain at least one non-empty matcher');
    return;
  }
  const other = matchers.slice(0, -1).find(matcher => matcher.name === METRIC_NAME);
  if (other)
    fail(span.start, `metric name must not be set twice: ${goQuote(name)} or ${goQuote(other.value)}`);
}
