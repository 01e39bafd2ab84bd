import type { SyntaxNode } from '@lezer/common';
import type { DurationNode } from './ast.ts';
import { parseError } from './errors.ts';
import { parseNumber } from './literals.ts';

type Operator = Extract<DurationNode, { kind: 'binary' }>['operator'];

/** The longest duration that Prometheus's own representation holds, in seconds. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/** Builds the duration of a range, a subquery step or an offset. @throws UserError `bad-promql` */
export function buildDuration(text: string, node: SyntaxNode): DurationNode {
  const allowNegative = node.name === 'OffsetDurationExpr';
  const duration = build(text, node);
  if (duration.kind === 'literal') {
    if (!(Math.abs(duration.value) <= MAX_SECONDS))
      throw parseError(text, node.from, 'duration out of range');
    if (!allowNegative && duration.value <= 0)
      throw parseError(text, node.from, 'duration must be greater than 0');
  }
  return duration;
}

function build(text: string, node: SyntaxNode): DurationNode {
  const operands = operandsOf(node);
  const first = node.firstChild!;
  switch (first.name) {
    case 'NumberDurationLiteralInDurationContext':
      return literal(text, first);
    case 'DurationStep':
      return { kind: 'step' };
    case 'DurationRange':
      return { kind: 'range' };
    case 'DurationMinOf':
    case 'DurationMaxOf':
      return {
        kind: first.name === 'DurationMinOf' ? 'min_of' : 'max_of',
        left: build(text, operands[0]!),
        right: build(text, operands[1]!),
      };
    case 'UnaryOp': {
      const operand = build(text, operands[0]!);
      if (text[first.from] === '+') return operand;
      return operand.kind === 'literal' ? { ...operand, value: -operand.value } : { kind: 'negate', operand };
    }
    default:
      return operands.length === 2
        ? binary(text, operands[0]!, operands[1]!)
        : paren(build(text, operands[0]!));
  }
}

const operandsOf = (node: SyntaxNode): SyntaxNode[] => [
  ...node.getChildren('DurationExpr'),
  ...node.getChildren('OffsetDurationExpr'),
];

const paren = (operand: DurationNode): DurationNode =>
  operand.kind === 'literal' || operand.kind === 'paren' ? operand : { kind: 'paren', operand };

function binary(text: string, left: SyntaxNode, right: SyntaxNode): DurationNode {
  const operator = text.slice(left.nextSibling!.from, left.nextSibling!.to) as Operator;
  return { kind: 'binary', operator, left: build(text, left), right: build(text, right) };
}

function literal(text: string, node: SyntaxNode): DurationNode {
  const written = text.slice(node.from, node.to);
  const number = parseNumber(written);
  if (!number) throw parseError(text, node.from, `bad number or duration syntax: ${JSON.stringify(written)}`);
  return { kind: 'literal', ...number };
}
