import type { SyntaxNode } from '@lezer/common';
import { lineAndColumn } from '../core/index.ts';
import type { AggregateOperator, BinaryExpr, BinaryOperator, Expr, Span, UnaryExpr, VectorMatching } from './ast.ts';
import { buildDuration } from './build-duration.ts';
import { buildVectorSelector, labelNames, readString } from './build-selector.ts';
import { numberOf } from './build-number.ts';
import { parseError, unsupported, unsupportedFunction } from './errors.ts';
import { EXPERIMENTAL_FUNCTIONS, FUNCTIONS, NATIVE_HISTOGRAM_FUNCTIONS } from './functions.ts';
import { withAt, withOffset } from './modifiers.ts';

/** Deeper nesting is refused, so that no walk over a tree can exhaust the stack. */
const MAX_DEPTH = 1000;

/** Builds the typed tree of a syntax tree without error nodes. @throws UserError */
export function buildExpr(text: string, node: SyntaxNode, depth = 0): Expr {
  if (depth > MAX_DEPTH) throw parseError(text, node.from, `the expression is nested deeper than ${MAX_DEPTH} levels`);
  const span = spanOf(text, node);
  const operand = (child: SyntaxNode): Expr => buildExpr(text, child, depth + 1);
  const only = (): Expr => operand(node.getChild('Expr')!);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { type: 'number', ...numberOf(text, node), span };
    case 'StringLiteral':
      return { type: 'string', value: readString(text, node), span };
    case 'ParenExpr':
      return { type: 'paren', expr: only(), span };
    case 'UnaryExpr':
      return unary(textOf(text, node.getChild('UnaryOp')!) as '+' | '-', only(), span);
    case 'BinaryExpr':
      return binary(text, node, operand);
    case 'VectorSelector':
      return buildVectorSelector(text, node, span);
    case 'MatrixSelector': {
      const selector = only();
      if (selector.type !== 'vector')
        throw parseError(text, node.from, 'ranges only allowed for vector selectors');
      if (selector.offset || selector.at)
        throw parseError(text, node.from, 'no offset or @ modifiers allowed before range');
      return { type: 'matrix', selector, range: buildDuration(text, node.getChild('DurationExpr')!), span };
    }
    case 'SubqueryExpr': {
      const [range, step] = node.getChildren('DurationExpr');
      return {
        type: 'subquery',
        expr: only(),
        range: buildDuration(text, range!),
        step: step && buildDuration(text, step),
        offset: undefined,
        at: undefined,
        span,
      };
    }
    case 'OffsetExpr':
      return withOffset(text, only(), buildDuration(text, node.getChild('OffsetDurationExpr')!), span);
    case 'StepInvariantExpr':
      return withAt(text, only(), node, span);
    case 'FunctionCall':
      return call(text, node, operand, span);
    case 'AggregateExpr':
      return aggregate(text, node, operand, span);
    case 'AnchoredExpr':
    case 'SmoothedExpr':
      throw unsupported(text, node.lastChild!.from, `the modifier ${textOf(text, node.lastChild!)} is not supported`);
    default:
      throw new Error(`BUG: unexpected syntax node ${node.name}`);
  }
}

const textOf = (text: string, node: SyntaxNode): string => text.slice(node.from, node.to);

const spanOf = (text: string, node: { from: number; to: number }): Span => ({
  start: node.from,
  end: node.to,
  ...lineAndColumn(text, node.from),
});

/** A sign before a number belongs to it, as in Prometheus's own parser. */
function unary(operator: '+' | '-', expr: Expr, span: Span): Expr {
  if (expr.type === 'number') return { ...expr, value: operator === '-' ? -expr.value : expr.value, span };
  return { type: 'unary', operator, expr, span };
}

function binary(text: string, node: SyntaxNode, operand: (child: SyntaxNode) => Expr): Expr {
  const [leftNode, rightNode] = node.getChildren('Expr') as [SyntaxNode, SyntaxNode];
  const operatorNode = leftNode.nextSibling!;
  const operator = textOf(text, operatorNode).toLowerCase();
  if (operator === '</' || operator === '>/')
    throw unsupported(text, operatorNode.from, `the operator ${operator} works on native histograms, which are not supported`);
  const fill = node.getChild('FillModifier');
  if (fill) throw unsupported(text, fill.from, 'the experimental modifiers fill, fill_left and fill_right are not supported');
  const left = operand(leftNode);
  const expr: BinaryExpr = {
    type: 'binary',
    operator: operator as BinaryOperator,
    left,
    right: operand(rightNode),
    returnBool: node.getChild('BoolModifier') !== null,
    matching: matchingOf(text, node.getChild('MatchingModifierClause')),
    span: spanOf(text, node),
  };
  return operator === '^' && leftNode.name === 'NumberDurationLiteral' ? signOutsidePower(text, expr, leftNode) : expr;
}

/** The grammar reads `-1 ^ 2` as `(-1) ^ 2`; a power binds tighter than a sign. */
function signOutsidePower(text: string, expr: BinaryExpr, leftNode: SyntaxNode): BinaryExpr | UnaryExpr {
  const sign = text[leftNode.from];
  if ((sign !== '-' && sign !== '+') || expr.left.type !== 'number') return expr;
  const value = sign === '-' ? -expr.left.value : expr.left.value;
  return { type: 'unary', operator: sign, expr: { ...expr, left: { ...expr.left, value } }, span: expr.span };
}

function matchingOf(text: string, node: SyntaxNode | null): VectorMatching {
  if (!node) return { cardinality: 'one-to-one', on: false, labels: [], include: [] };
  const [labels, include] = node.getChildren('GroupingLabels');
  return {
    cardinality: node.getChild('GroupLeft') ? 'many-to-one' : node.getChild('GroupRight') ? 'one-to-many' : 'one-to-one',
    on: node.getChild('On') !== null,
    labels: labelNames(text, labels!),
    include: include ? labelNames(text, include) : [],
  };
}

function call(text: string, node: SyntaxNode, operand: (child: SyntaxNode) => Expr, span: Span): Expr {
  const name = textOf(text, node.getChild('FunctionIdentifier')!);
  if (EXPERIMENTAL_FUNCTIONS.has(name)) throw unsupportedFunction(text, node.from, name);
  if (NATIVE_HISTOGRAM_FUNCTIONS.has(name))
    throw unsupported(text, node.from, `${name}() works on native histograms, which are not supported`);
  if (!FUNCTIONS.has(name)) throw parseError(text, node.from, `unknown function with name ${JSON.stringify(name)}`);
  const args = node.getChild('FunctionCallBody')!.getChildren('Expr').map(operand);
  return { type: 'call', name, args, span };
}

const WITH_PARAM: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile', 'count_values']);

function aggregate(text: string, node: SyntaxNode, operand: (child: SyntaxNode) => Expr, span: Span): Expr {
  const operator = textOf(text, node.getChild('AggregateOp')!).toLowerCase();
  if (operator === 'limitk' || operator === 'limit_ratio')
    throw unsupported(text, node.from, `the experimental aggregation ${operator} is not supported`);
  const modifier = node.getChild('AggregateModifier');
  const args = node.getChild('FunctionCallBody')!.getChildren('Expr').map(operand);
  const wanted = WITH_PARAM.has(operator) ? 2 : 1;
  if (args.length !== wanted)
    throw parseError(
      text,
      node.from,
      args.length === 0
        ? 'no arguments for aggregate expression provided'
        : `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    );
  return {
    type: 'aggregate',
    operator: operator as AggregateOperator,
    expr: args.at(-1)!,
    param: wanted === 2 ? args[0] : undefined,
    grouping: modifier ? labelNames(text, modifier.getChild('GroupingLabels')!) : [],
    without: modifier?.getChild('Without') != null,
    span,
  };
}
