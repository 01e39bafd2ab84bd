import type { SyntaxNode } from '@lezer/common';
import { associate, type Piece, spanOf, textOf } from './associate.ts';
import type { AggregateOperator, Expr, Span } from './ast.ts';
import { numberOf } from './build-number.ts';
import { buildVectorSelector, labelNames, readString } from './build-selector.ts';
import { parseError, unsupported, unsupportedFunction } from './errors.ts';
import { EXPERIMENTAL_FUNCTIONS, FUNCTIONS, NATIVE_HISTOGRAM_FUNCTIONS } from './functions.ts';

/** Deeper nesting is refused, so that no walk over a tree can exhaust the stack. */
const MAX_DEPTH = 1000;

/** Builds the typed tree of a syntax tree without error nodes. @throws UserError */
export function buildExpr(text: string, node: SyntaxNode, depth = 0): Expr {
  const pieces: Piece[] = [];
  linearise(text, node, pieces, depth);
  return associate(text, pieces, piece => buildPrimary(text, piece, depth + 1));
}

/**
 * The grammar's tree binds `[5m:]`, `offset` and `@` looser than operators, and signs tighter than powers. Its order
 * of the pieces is right, so the pieces are taken apart in order and put together anew.
 */
function linearise(text: string, node: SyntaxNode, pieces: Piece[], depth: number): void {
  if (depth > MAX_DEPTH)
    throw parseError(text, node.from, `the expression is nested deeper than ${MAX_DEPTH} levels`);
  const operands = node.getChildren('Expr');
  const inner = (i: number): void => linearise(text, operands[i]!, pieces, depth + 1);
  switch (node.name) {
    case 'BinaryExpr':
      inner(0);
      pieces.push({ kind: 'operator', node });
      inner(1);
      return;
    case 'UnaryExpr':
      pieces.push({
        kind: 'sign',
        sign: textOf(text, node.getChild('UnaryOp')!) as '+' | '-',
        from: node.from,
      });
      inner(0);
      return;
    case 'NumberDurationLiteral': {
      const sign = text[node.from]!;
      if (sign === '-' || sign === '+') pieces.push({ kind: 'sign', sign, from: node.from });
      pieces.push({ kind: 'primary', node });
      return;
    }
    case 'MatrixSelector':
    case 'SubqueryExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      inner(0);
      pieces.push({ kind: 'postfix', node });
      return;
    case 'AnchoredExpr':
    case 'SmoothedExpr':
      throw unsupported(
        text,
        node.lastChild!.from,
        `the modifier ${textOf(text, node.lastChild!)} is not supported`,
      );
    default:
      pieces.push({ kind: 'primary', node });
  }
}

function buildPrimary(text: string, node: SyntaxNode, depth: number): Expr {
  const span = spanOf(text, node.from, node.to);
  const operand = (child: SyntaxNode): Expr => buildExpr(text, child, depth);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { type: 'number', ...numberOf(text, node), span };
    case 'StringLiteral':
      return { type: 'string', value: readString(text, node), span };
    case 'ParenExpr':
      return { type: 'paren', expr: operand(node.getChild('Expr')!), span };
    case 'VectorSelector':
      return buildVectorSelector(text, node, span);
    case 'FunctionCall':
      return call(text, node, operand, span);
    case 'AggregateExpr':
      return aggregate(text, node, operand, span);
    default:
      throw new Error(`BUG: unexpected syntax node ${node.name}`);
  }
}

function call(text: string, node: SyntaxNode, operand: (child: SyntaxNode) => Expr, span: Span): Expr {
  const name = textOf(text, node.getChild('FunctionIdentifier')!);
  if (EXPERIMENTAL_FUNCTIONS.has(name)) throw unsupportedFunction(text, node.from, name);
  if (NATIVE_HISTOGRAM_FUNCTIONS.has(name))
    throw unsupported(text, node.from, `${name}() works on native histograms, which are not supported`);
  if (!FUNCTIONS.has(name))
    throw parseError(text, node.from, `unknown function with name ${JSON.stringify(name)}`);
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
