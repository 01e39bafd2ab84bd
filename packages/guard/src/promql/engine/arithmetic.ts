import { unreachable } from '../../core/index.ts';
import {
  type ArithmeticOperator,
  type BinaryOperator,
  type ComparisonOperator,
  isComparison,
  isSetOperator,
  isTrimOperator,
} from '../ast.ts';
import { executionError } from '../errors.ts';

/** The function of an arithmetic operator. */
export function arithmetic(operator: ArithmeticOperator): (left: number, right: number) => number {
  switch (operator) {
    case '+':
      return (a, b) => a + b;
    case '-':
      return (a, b) => a - b;
    case '*':
      return (a, b) => a * b;
    case '/':
      return (a, b) => a / b;
    case '%':
      return (a, b) => a % b;
    case '^':
      return power;
    case 'atan2':
      return Math.atan2;
    default:
      return unreachable(operator);
  }
}

/** IEEE's pow, as Go has it: 1 to any power, and ±1 to an infinite one, is 1 (JavaScript says NaN). */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  return base ** exponent;
}

/** The test of a comparison operator. */
export function comparison(operator: ComparisonOperator): (left: number, right: number) => boolean {
  switch (operator) {
    case '==':
      return (a, b) => a === b;
    case '!=':
      return (a, b) => a !== b;
    case '>':
      return (a, b) => a > b;
    case '<':
      return (a, b) => a < b;
    case '>=':
      return (a, b) => a >= b;
    case '<=':
      return (a, b) => a <= b;
    default:
      return unreachable(operator);
  }
}

/** An operator between scalars: a comparison gives 1 or 0. @throws UserError `promql-execution` */
export function scalarOperation(operator: BinaryOperator): (left: number, right: number) => number {
  if (isSetOperator(operator)) throw new Error(`BUG: ${operator} between scalars`);
  if (isTrimOperator(operator))
    throw executionError(
      'promql-execution',
      `operator ${JSON.stringify(operator)} not allowed for Scalar operations`,
    );
  if (!isComparison(operator)) return arithmetic(operator);
  const holds = comparison(operator);
  return (a, b) => (holds(a, b) ? 1 : 0);
}
