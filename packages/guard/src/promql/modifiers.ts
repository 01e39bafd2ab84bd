import type { SyntaxNode } from '@lezer/common';
import type { AtModifier, DurationNode, Expr, MatrixSelector, Span, SubqueryExpr, VectorSelector } from './ast.ts';
import { numberOf } from './build-number.ts';
import { parseError } from './errors.ts';

/** Adds `offset` to what carries it. @throws UserError `bad-promql` when it cannot carry one, or has one. */
export function withOffset(text: string, expr: Expr, offset: DurationNode, span: Span): Expr {
  const target = carrier(text, expr, 'offset', span);
  if (carried(target).offset) throw parseError(text, span.start, 'offset may not be set multiple times');
  return change(target, { offset }, span);
}

/** Adds `@` to what carries it. @throws UserError `bad-promql` when it cannot carry one, or has one. */
export function withAt(text: string, expr: Expr, node: SyntaxNode, span: Span): Expr {
  const target = carrier(text, expr, '@', span);
  if (carried(target).at) throw parseError(text, span.start, '@ <timestamp> may not be set multiple times');
  return change(target, { at: atOf(text, node) }, span);
}

type Carrier = VectorSelector | MatrixSelector | SubqueryExpr;

const carried = (target: Carrier): VectorSelector | SubqueryExpr =>
  target.type === 'matrix' ? target.selector : target;

function carrier(text: string, expr: Expr, modifier: string, span: Span): Carrier {
  if (expr.type === 'vector' || expr.type === 'matrix' || expr.type === 'subquery') return expr;
  throw parseError(
    text,
    span.start,
    `${modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
  );
}

function change(target: Carrier, changes: { offset: DurationNode } | { at: AtModifier }, span: Span): Expr {
  if (target.type !== 'matrix') return { ...target, ...changes, span };
  return { ...target, selector: { ...target.selector, ...changes }, span };
}

function atOf(text: string, node: SyntaxNode): AtModifier {
  const literal = node.getChildren('NumberDurationLiteral').at(-1);
  if (!literal) {
    const keyword = node.getChild('AtModifierPreprocessors')!;
    return { kind: keyword.getChild('AtStart') ? 'start' : 'end' };
  }
  const { value } = numberOf(text, literal);
  if (!(Math.abs(value) < 2 ** 63 / 1000))
    throw parseError(text, literal.from, `timestamp out of bounds for @ modifier: ${value}`);
  return { kind: 'time', timestamp: Math.round(value * 1000) };
}
