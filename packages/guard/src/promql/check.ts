import { unreachable } from '../core/index.ts';
import {
  type AggregateExpr,
  type BinaryExpr,
  type CallExpr,
  type Expr,
  isComparison,
  isSetOperator,
  type ValueType,
} from './ast.ts';
import { parseError } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { childrenOf } from './walk.ts';

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** A type's name as documentation and errors write it. */
export const describeType = (type: ValueType): string => NAMES[type];

/** The type of an expression's value. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.type) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'paren':
    case 'unary':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'call':
      return FUNCTIONS.get(expr.name)!.returns;
    case 'aggregate':
    case 'vector':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    default:
      return unreachable(expr);
  }
}

/** Checks that every operand has the type its place wants. @throws UserError `bad-promql` at the first that has not. */
export function checkTypes(text: string, expr: Expr): void {
  for (const child of childrenOf(expr)) checkTypes(text, child);
  const fail = (at: Expr, message: string): never => {
    throw parseError(text, at.span.start, message);
  };
  switch (expr.type) {
    case 'aggregate':
      checkAggregate(expr, fail);
      return;
    case 'binary':
      checkBinary(expr, fail);
      return;
    case 'call':
      checkCall(expr, fail);
      return;
    case 'unary': {
      const type = typeOf(expr.expr);
      if (type !== 'scalar' && type !== 'vector')
        fail(
          expr,
          `unary expression only allowed on expressions of type scalar or instant vector, got ${JSON.stringify(NAMES[type])}`,
        );
      return;
    }
    case 'subquery': {
      const type = typeOf(expr.expr);
      if (type !== 'vector')
        fail(expr, `subquery is only allowed on instant vector, got ${NAMES[type]} instead`);
      return;
    }
    case 'number':
    case 'string':
    case 'paren':
    case 'vector':
    case 'matrix':
      return;
    default:
      unreachable(expr);
  }
}

type Fail = (at: Expr, message: string) => never;

function expectType(expr: Expr, wanted: ValueType, context: string, fail: Fail): void {
  const type = typeOf(expr);
  if (type !== wanted) fail(expr, `expected type ${NAMES[wanted]} in ${context}, got ${NAMES[type]}`);
}

function checkAggregate(expr: AggregateExpr, fail: Fail): void {
  expectType(expr.expr, 'vector', 'aggregation expression', fail);
  if (expr.param)
    expectType(
      expr.param,
      expr.operator === 'count_values' ? 'string' : 'scalar',
      'aggregation parameter',
      fail,
    );
}

function checkBinary(expr: BinaryExpr, fail: Fail): void {
  const { operator, left, right, matching } = expr;
  const types = [typeOf(left), typeOf(right)] as const;
  for (const [i, operand] of [left, right].entries())
    if (types[i] !== 'scalar' && types[i] !== 'vector')
      fail(operand, 'binary expression must contain only scalar and instant vector types');
  if (expr.returnBool && !isComparison(operator))
    fail(expr, 'bool modifier can only be used on comparison operators');
  const bothVectors = types[0] === 'vector' && types[1] === 'vector';
  if (isComparison(operator) && !expr.returnBool && types[0] === 'scalar' && types[1] === 'scalar')
    fail(expr, 'comparisons between scalars must use BOOL modifier');
  if (isSetOperator(operator) && !bothVectors)
    fail(expr, `set operator ${JSON.stringify(operator)} not allowed in binary scalar expression`);
  if (!bothVectors && matching.labels.length > 0)
    fail(expr, 'vector matching only allowed between instant vectors');
  if (isSetOperator(operator) && matching.cardinality !== 'one-to-one')
    fail(expr, `no grouping allowed for ${JSON.stringify(operator)} operation`);
  const twice = matching.on && matching.labels.find(label => matching.include.includes(label));
  if (twice) fail(expr, `label ${JSON.stringify(twice)} must not occur in ON and GROUP clause at once`);
}

function checkCall(expr: CallExpr, fail: Fail): void {
  const { args, variadic } = FUNCTIONS.get(expr.name)!;
  const given = expr.args.length;
  const least = variadic === 0 ? args.length : args.length - 1;
  const most = variadic < 0 ? Number.POSITIVE_INFINITY : least + variadic;
  const bound = variadic === 0 ? '' : given < least ? 'at least ' : 'at most ';
  if (given < least || given > most)
    fail(
      expr,
      `expected ${bound}${given < least ? least : most} argument(s) in call to ${JSON.stringify(expr.name)}, got ${given}`,
    );
  for (const [i, arg] of expr.args.entries())
    expectType(
      arg,
      args[Math.min(i, args.length - 1)]!,
      `call to function ${JSON.stringify(expr.name)}`,
      fail,
    );
}
