import { formatDuration, formatFloat, type Seconds, unreachable } from '../core/index.ts';
import type { DurationNode } from './ast.ts';
import {
  type Nanoseconds,
  roundToNanoseconds,
  toMilliseconds,
  truncateToNanoseconds,
} from './nanoseconds.ts';

/** A whole duration: a literal is printed in units, however it was written. */
export function printRange(duration: DurationNode): string {
  return duration.kind === 'literal'
    ? formatNanoseconds(roundToNanoseconds(duration.value))
    : printDuration(duration);
}

/** A number literal: one that was written as a duration is printed as one. */
export const printLiteral = (value: Seconds, asDuration: boolean): string =>
  asDuration ? formatNanoseconds(truncateToNanoseconds(value)) : formatFloat(value);

const formatNanoseconds = (duration: Nanoseconds): string => formatDuration(toMilliseconds(duration));

function printDuration(duration: DurationNode): string {
  if (duration.kind === 'literal') return printLiteral(duration.value, duration.asDuration);
  const text = printBare(duration);
  return duration.wrapped ? `(${text})` : text;
}

function printBare(duration: Exclude<DurationNode, { kind: 'literal' }>): string {
  switch (duration.kind) {
    case 'step':
    case 'range':
      return `${duration.kind}()`;
    case 'unary':
      return `${duration.operator === '-' ? '-' : ''}${printDuration(duration.operand)}`;
    case 'binary':
      return `${printDuration(duration.left)} ${duration.operator} ${printDuration(duration.right)}`;
    case 'min_of':
    case 'max_of':
      return `${duration.kind}(${printDuration(duration.left)}, ${printDuration(duration.right)})`;
    default:
      return unreachable(duration);
  }
}
