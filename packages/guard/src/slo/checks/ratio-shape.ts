import {
  type BinaryExpr,
  childrenOf,
  type Expr,
  parseExpr,
  printExpr,
  type VectorMatching,
  type VectorSelector,
  walkExpr,
} from '../../promql/index.ts';

/** One side of a division: the series that it begins with, and the labels that are left of them. */
interface Side {
  readonly selector: VectorSelector;
  readonly isAggregated: boolean;
  readonly keeps: (label: string) => boolean;
}

export type RatioFault =
  /** Numerator and denominator meet on a label by which the numerator was chosen: each ratio is 1. */
  | { readonly kind: 'always-one'; readonly label: string; readonly text: string }
  /** No side is aggregated: a ratio for each series. */
  | { readonly kind: 'per-series'; readonly text: string };

/** What is wrong with the aggregation of a division, whatever the data; undefined when nothing is. */
export function ratioFault(
  numerator: Expr,
  denominator: Expr,
  matching?: VectorMatching,
): RatioFault | undefined {
  const [left, right] = [sideOf(numerator), sideOf(denominator)];
  if (!left || !right) return undefined;
  const text = printExpr(numerator);
  const label = narrowing(left.selector, right.selector).find(
    name => left.keeps(name) && right.keeps(name) && isJoined(name, matching),
  );
  if (label !== undefined) return { kind: 'always-one', label, text };
  return left.isAggregated || right.isAggregated || matching?.on ? undefined : { kind: 'per-series', text };
}

/** The divisions of two vectors in an expression, outermost first. */
export function divisionsOf(expr: Expr): BinaryExpr[] {
  const found: BinaryExpr[] = [];
  walkExpr(expr, node => {
    if (node.type === 'binary' && node.operator === '/' && node.matching) found.push(node);
  });
  return found;
}

/** Whether a denominator of 0 leaves nothing rather than NaN: it is compared, clamped or filtered. */
export function isGuarded(denominator: Expr): boolean {
  const expr = bare(denominator);
  if (expr.type === 'binary') {
    if (['>', '!=', '>=', 'and', 'unless'].includes(expr.operator) && !expr.returnBool) return true;
    return expr.operator === '+' && [expr.left, expr.right].some(side => isPositive(bare(side)));
  }
  return expr.type === 'call' && expr.name === 'clamp_min' && isPositive(bare(expr.args[1]!));
}

/** Undefined when the text is not PromQL: who reads the file has told that. */
export function parsedOrUndefined(text: string): Expr | undefined {
  try {
    return parseExpr(text);
  } catch {
    return undefined;
  }
}

const isPositive = (expr: Expr) => expr.type === 'number' && expr.value > 0;

function bare(expr: Expr): Expr {
  return expr.type === 'paren' ? bare(expr.expr) : expr;
}

/** Labels that the numerator is chosen by and the denominator is not, both being of one metric. */
function narrowing(left: VectorSelector, right: VectorSelector): string[] {
  if (left.name !== right.name || left.name === '') return [];
  const others = new Set(right.matchers.map(String));
  return left.matchers.filter(matcher => !others.has(String(matcher))).map(({ name }) => name);
}

function isJoined(label: string, matching: VectorMatching | undefined): boolean {
  if (!matching) return true;
  return matching.on === matching.labels.includes(label);
}

function sideOf(expr: Expr): Side | undefined {
  if (expr.type === 'vector') return { selector: expr, isAggregated: false, keeps: () => true };
  if (expr.type === 'aggregate') {
    const inner = sideOf(expr.expr);
    const keeps = (label: string) => expr.grouping.includes(label) !== expr.without && inner!.keeps(label);
    return inner && { selector: inner.selector, isAggregated: true, keeps };
  }
  // `a or b` and `a > 0` have the labels of their left sides.
  const children = expr.type === 'binary' ? [expr.left, expr.right] : childrenOf(expr);
  for (const child of children) {
    const side = sideOf(child);
    if (side) return side;
  }
  return undefined;
}
