import type { SyntaxNode } from '@lezer/common';
import { spanOf } from './associate.ts';
import type {
  AtModifier,
  DurationNode,
  Expr,
  MatrixSelector,
  Span,
  SubqueryExpr,
  VectorSelector,
} from './ast.ts';
import { buildDuration } from './build-duration.ts';
import { numberOf } from './build-number.ts';
import { parseError } from './errors.ts';

/** Adds a range, `offset` or `@` to the operand before it. @throws UserError `bad-promql` when it cannot have it */
export function applyPostfix(text: string, expr: Expr, node: SyntaxNode): Expr {
  const span = spanOf(text, expr.span.start, node.to);
  const [first, second] = node.getChildren('DurationExpr');
  switch (node.name) {
    case 'MatrixSelector':
      return withRange(text, expr, buildDuration(text, first!), span);
    case 'SubqueryExpr': {
      const step = second && buildDuration(text, second);
      return {
        type: 'subquery',
        expr,
        range: buildDuration(text, first!),
        step,
        offset: undefined,
        at: undefined,
        span,
      };
    }
    case 'OffsetExpr':
      return withOffset(text, expr, buildDuration(text, node.getChild('OffsetDurationExpr')!), span);
    case 'StepInvariantExpr':
      return withAt(text, expr, node, span);
    default:
      throw new Error(`BUG: unexpected postfix ${node.name}`);
  }
}

function withRange(text: string, expr: Expr, range: DurationNode, span: Span): Expr {
  if (expr.type !== 'vector') throw parseError(text, span.start, 'ranges only allowed for vector selectors');
  if (expr.offset || expr.at)
    throw parseError(text, span.start, 'no offset or @ modifiers allowed before range');
  return { type: 'matrix', selector: expr, range, span };
}

function withOffset(text: string, expr: Expr, offset: DurationNode, span: Span): Expr {
  const target = carrier(text, expr, 'offset', span);
  if (carried(target).offset) throw parseError(text, span.start, 'offset may not be set multiple times');
  return change(target, { offset }, span);
}

function withAt(text: string, expr: Expr, node: SyntaxNode, span: Span): Expr {
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
  const magnitude = numberOf(text, literal).value;
  const value = text[literal.from] === '-' ? -magnitude : magnitude;
  if (!(Math.abs(value) < 2 ** 63 / 1000))
    throw parseError(text, literal.from, `timestamp out of bounds for @ modifier: ${value}`);
  return { kind: 'time', timestamp: Math.round(value * 1000) };
}
