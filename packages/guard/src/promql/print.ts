import {
  compareStrings,
  formatDuration,
  formatFloat,
  type Matcher,
  METRIC_NAME,
  goQuote as quote,
  unreachable,
} from '../core/index.ts';
import type { AggregateExpr, AtModifier, BinaryExpr, DurationNode, Expr, VectorSelector } from './ast.ts';

/** Prints an expression as Prometheus does in its rules API: on one line, in its canonical form. */
export function printExpr(expr: Expr): string {
  switch (expr.type) {
    case 'number':
      return expr.asDuration ? printSeconds(expr.value) : formatFloat(expr.value);
    case 'string':
      return quote(expr.value);
    case 'paren':
      return `(${printExpr(expr.expr)})`;
    case 'unary':
      return `${expr.operator}${printExpr(expr.expr)}`;
    case 'binary':
      return `${printExpr(expr.left)} ${expr.operator}${printMatching(expr)} ${printExpr(expr.right)}`;
    case 'call':
      return `${expr.name}(${expr.args.map(printExpr).join(', ')})`;
    case 'aggregate':
      return printAggregate(expr);
    case 'vector':
      return `${printSelector(expr)}${printAt(expr.at)}${printOffset(expr.offset)}`;
    case 'matrix': {
      const { selector, range } = expr;
      return `${printSelector(selector)}[${printDuration(range)}]${printAt(selector.at)}${printOffset(selector.offset)}`;
    }
    case 'subquery': {
      const step = expr.step ? printDuration(expr.step) : '';
      return `${printExpr(expr.expr)}[${printDuration(expr.range)}:${step}]${printAt(expr.at)}${printOffset(expr.offset)}`;
    }
    default:
      return unreachable(expr);
  }
}

const isLegacyName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);
const printName = (name: string): string => (isLegacyName(name) ? name : quote(name));
const printNames = (names: readonly string[]): string => names.map(printName).join(', ');

function printAggregate({ operator, without, grouping, param, expr }: AggregateExpr): string {
  const modifier = without
    ? ` without (${printNames(grouping)}) `
    : grouping.length > 0
      ? ` by (${printNames(grouping)}) `
      : '';
  return `${operator}${modifier}(${param ? `${printExpr(param)}, ` : ''}${printExpr(expr)})`;
}

function printMatching({ returnBool, matching }: BinaryExpr): string {
  const { on, labels, include, cardinality } = matching;
  const grouped = cardinality !== 'one-to-one';
  const bool = returnBool ? ' bool' : '';
  const match =
    labels.length > 0 || on || grouped ? ` ${on ? 'on' : 'ignoring'} (${printNames(labels)})` : '';
  const group = grouped
    ? ` group_${cardinality === 'many-to-one' ? 'left' : 'right'} (${printNames(include)})`
    : '';
  return bool + match + group;
}

function printSelector({ name, matchers }: VectorSelector): string {
  const conditions = matchers
    .filter(matcher => !standsForName(matcher, name))
    .map(({ name: label, operator, value }) => `${printName(label)}${operator}${quote(value)}`)
    .sort(compareStrings);
  return conditions.length === 0 && name !== '' ? name : `${name}{${conditions.join(',')}}`;
}

const standsForName = (matcher: Matcher, name: string): boolean =>
  matcher.name === METRIC_NAME && matcher.operator === '=' && matcher.value === name && name !== '';

function printAt(at: AtModifier | undefined): string {
  if (!at) return '';
  return at.kind === 'time' ? ` @ ${(at.timestamp / 1000).toFixed(3)}` : ` @ ${at.kind}()`;
}

function printOffset(offset: DurationNode | undefined): string {
  if (!offset) return '';
  const text = printDuration(offset);
  return offset.kind === 'literal' && Math.trunc(offset.value * 1000) === 0 ? '' : ` offset ${text}`;
}

const printSeconds = (seconds: number): string => formatDuration(Math.trunc(Math.round(seconds * 1e6) / 1e3));

/** A whole duration is printed in units; within arithmetic a plain number stays one. */
function printDuration(duration: DurationNode): string {
  return duration.kind === 'literal' ? printSeconds(duration.value) : printOperand(duration);
}

function printOperand(duration: DurationNode): string {
  switch (duration.kind) {
    case 'literal':
      return duration.asDuration ? printSeconds(duration.value) : formatFloat(duration.value);
    case 'step':
    case 'range':
      return `${duration.kind}()`;
    case 'negate':
      return `-${printOperand(duration.operand)}`;
    case 'binary':
      return `${printOperand(duration.left)} ${duration.operator} ${printOperand(duration.right)}`;
    case 'min_of':
    case 'max_of':
      return `${duration.kind}(${printOperand(duration.left)}, ${printOperand(duration.right)})`;
    case 'paren':
      return `(${printOperand(duration.operand)})`;
    default:
      return unreachable(duration);
  }
}
