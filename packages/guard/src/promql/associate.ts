import type { SyntaxNode } from '@lezer/common';
import { lineAndColumn } from '../core/index.ts';
import type { BinaryExpr, BinaryOperator, Expr, Span, VectorMatching } from './ast.ts';
import { labelNames } from './build-selector.ts';
import { unsupported } from './errors.ts';
import { applyPostfix } from './postfix.ts';

/** A part of an expression between parentheses, in the order of the text. */
export type Piece =
  | { readonly kind: 'primary'; readonly node: SyntaxNode }
  | { readonly kind: 'sign'; readonly sign: '+' | '-'; readonly from: number }
  | { readonly kind: 'operator'; readonly node: SyntaxNode }
  | { readonly kind: 'postfix'; readonly node: SyntaxNode };

/** How tightly operators bind (promql/parser/generated_parser.y); a sign binds as a product does. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const POWER = PRECEDENCE['^'];

/** Puts pieces together by precedence; `^` alone associates to the right. */
export function associate(
  text: string,
  pieces: readonly Piece[],
  primaryOf: (node: SyntaxNode) => Expr,
): Expr {
  let at = 0;

  function parse(least: number): Expr {
    let left = parseOperand();
    for (let piece = pieces[at]; piece?.kind === 'operator'; piece = pieces[at]) {
      const operator = operatorOf(text, piece.node);
      const precedence = PRECEDENCE[operator];
      if (precedence < least) break;
      at++;
      const right = parse(operator === '^' ? POWER : precedence + 1);
      left = binary(text, piece.node, operator, left, right);
    }
    return left;
  }

  function parseOperand(): Expr {
    const piece = pieces[at++];
    if (piece?.kind === 'sign') {
      const operand = parse(POWER);
      return signed(piece.sign, operand, spanOf(text, piece.from, operand.span.end));
    }
    if (piece?.kind !== 'primary') throw new Error('BUG: an operand is missing');
    let expr = primaryOf(piece.node);
    for (let next = pieces[at]; next?.kind === 'postfix'; next = pieces[++at])
      expr = applyPostfix(text, expr, next.node);
    return expr;
  }

  return parse(0);
}

/** A sign before a number belongs to it, as in Prometheus's own parser. */
function signed(operator: '+' | '-', expr: Expr, span: Span): Expr {
  if (expr.type === 'number') return { ...expr, value: operator === '-' ? -expr.value : expr.value, span };
  return { type: 'unary', operator, expr, span };
}

function operatorOf(text: string, node: SyntaxNode): BinaryOperator {
  const operatorNode = node.getChild('Expr')!.nextSibling!;
  const operator = textOf(text, operatorNode).toLowerCase();
  if (operator === '</' || operator === '>/')
    throw unsupported(
      text,
      operatorNode.from,
      `the operator ${operator} works on native histograms, which are not supported`,
    );
  return operator as BinaryOperator;
}

function binary(
  text: string,
  node: SyntaxNode,
  operator: BinaryOperator,
  left: Expr,
  right: Expr,
): BinaryExpr {
  const fill = node.getChild('FillModifier');
  if (fill)
    throw unsupported(
      text,
      fill.from,
      'the experimental modifiers fill, fill_left and fill_right are not supported',
    );
  return {
    type: 'binary',
    operator,
    left,
    right,
    returnBool: node.getChild('BoolModifier') !== null,
    matching: matchingOf(text, node.getChild('MatchingModifierClause')),
    span: spanOf(text, left.span.start, right.span.end),
  };
}

function matchingOf(text: string, node: SyntaxNode | null): VectorMatching {
  if (!node) return { cardinality: 'one-to-one', on: false, labels: [], include: [] };
  const [labels, include] = node.getChildren('GroupingLabels');
  return {
    cardinality: node.getChild('GroupLeft')
      ? 'many-to-one'
      : node.getChild('GroupRight')
        ? 'one-to-many'
        : 'one-to-one',
    on: node.getChild('On') !== null,
    labels: labelNames(text, labels!),
    include: include ? labelNames(text, include) : [],
  };
}

export const textOf = (text: string, node: SyntaxNode): string => text.slice(node.from, node.to);

export const spanOf = (text: string, start: number, end: number): Span => ({
  start,
  end,
  ...lineAndColumn(text, start),
});
