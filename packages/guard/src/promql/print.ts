import { compareStrings, goQuote, type Matcher, METRIC_NAME, unreachable } from '../core/index.ts';
import type {
  AggregateExpr,
  AtModifier,
  BinaryExpr,
  DurationNode,
  Expr,
  MatrixSelector,
  NumberLiteral,
  SubqueryExpr,
  VectorSelector,
} from './ast.ts';
import { formatFixed } from './format-fixed.ts';
import { printLiteral, printRange } from './print-duration.ts';
import { leftSpine } from './walk.ts';

/** Prints an expression as Prometheus does in its rules API: on one line, in its canonical form. */
export function printExpr(expr: Expr): string {
  switch (expr.type) {
    case 'number':
      return printNumber(expr);
    case 'string':
      return goQuote(expr.value);
    case 'paren':
      return `(${printExpr(expr.expr)})`;
    case 'unary':
      return `${expr.operator}${printExpr(expr.expr)}`;
    case 'binary':
      return printChain(expr);
    case 'call':
      return `${expr.name}(${expr.args.map(printExpr).join(', ')})`;
    case 'aggregate':
      return `${printAggregation(expr)}(${expr.param ? `${printExpr(expr.param)}, ` : ''}${printExpr(expr.expr)})`;
    case 'vector':
      return printInstant(expr);
    case 'matrix':
      return printMatrix(expr);
    case 'subquery':
      return `${printExpr(expr.expr)}${printSubqueryRange(expr)}`;
    default:
      return unreachable(expr);
  }
}

const printNumber = ({ value, asDuration }: NumberLiteral): string => printLiteral(value, asDuration);

function printChain(expr: BinaryExpr): string {
  const { first, rest } = leftSpine(expr);
  const links = rest.map(link => ` ${printOperator(link)} ${printExpr(link.right)}`);
  return printExpr(first) + links.join('');
}

const isLegacyName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);
/** A label's name, in quotes unless it can stand without. */
export const printName = (name: string): string => (isLegacyName(name) ? name : goQuote(name));
const printNames = (names: readonly string[]): string => names.map(printName).join(', ');

/** An aggregation up to its arguments. */
export function printAggregation({ operator, without, grouping }: AggregateExpr): string {
  if (without) return `${operator} without (${printNames(grouping)}) `;
  return grouping.length > 0 ? `${operator} by (${printNames(grouping)}) ` : operator;
}

/** A binary operator with its modifiers. */
export function printOperator({ operator, returnBool, matching }: BinaryExpr): string {
  const bool = returnBool ? ' bool' : '';
  if (!matching) return operator + bool;
  const { on, labels, include, cardinality } = matching;
  const isGrouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  const by = labels.length > 0 || on || isGrouped ? ` ${on ? 'on' : 'ignoring'} (${printNames(labels)})` : '';
  const side = cardinality === 'many-to-one' ? 'left' : 'right';
  return `${operator}${bool}${by}${isGrouped ? ` group_${side} (${printNames(include)})` : ''}`;
}

function printSelector({ name, matchers }: VectorSelector): string {
  const conditions = matchers
    .filter(matcher => !standsForName(matcher, name))
    .map(({ name: label, operator, value }) => `${printName(label)}${operator}${goQuote(value)}`)
    .sort(compareStrings);
  return conditions.length === 0 ? name : `${name}{${conditions.join(',')}}`;
}

const standsForName = (matcher: Matcher, name: string): boolean =>
  matcher.name === METRIC_NAME && matcher.operator === '=' && matcher.value === name && name !== '';

const printModifier = ({ modifier }: VectorSelector): string => (modifier ? ` ${modifier}` : '');

/** As in the original, `@` stands before `anchored` here, and after it where there is a range. */
const printInstant = (selector: VectorSelector): string =>
  `${printSelector(selector)}${printAt(selector.at)}${printModifier(selector)}${printOffset(selector.offset)}`;

const printMatrix = ({ selector, range }: MatrixSelector): string =>
  `${printSelector(selector)}[${printRange(range)}]${printModifier(selector)}${printAt(selector.at)}${printOffset(selector.offset)}`;

/** What stands behind the expression of a subquery. */
export function printSubqueryRange({ range, step, at, offset }: SubqueryExpr): string {
  return `[${printRange(range)}:${step ? printRange(step) : ''}]${printAt(at)}${printOffset(offset)}`;
}

function printAt(at: AtModifier | undefined): string {
  if (!at) return '';
  return at.kind === 'time' ? ` @ ${formatFixed(at.timestamp / 1000, 3)}` : ` @ ${at.kind}()`;
}

const printOffset = (offset: DurationNode | undefined): string =>
  offset ? ` offset ${printRange(offset)}` : '';
