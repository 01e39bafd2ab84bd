import type { UserError } from '../../core/index.ts';
import type { Expr } from '../ast.ts';
import { unsupported } from '../errors.ts';
import { childrenOf } from '../walk.ts';

/** How deep an expression may nest, so that no walk over its tree exhausts the stack. Prometheus has no bound. */
export const MAX_NESTING = 500;
/** How high a tree may be. Chains of operators grow on their left sides, which walks take in a loop. */
export const MAX_HEIGHT = 2500;

export const tooDeep = (text: string, offset: number): UserError =>
  unsupported(
    text,
    offset,
    `the expression is nested deeper than ${MAX_NESTING} levels, or chains more than ${MAX_HEIGHT} operators`,
  );

interface Visit {
  readonly expr: Expr;
  readonly nesting: number;
  readonly height: number;
}

/** @throws UserError `unsupported-promql` when a tree is too deep to walk */
export function checkDepth(text: string, root: Expr): void {
  const visits: Visit[] = [{ expr: root, nesting: 0, height: 0 }];
  for (let visit = visits.pop(); visit; visit = visits.pop()) {
    const { expr, nesting, height } = visit;
    if (nesting > MAX_NESTING || height > MAX_HEIGHT) throw tooDeep(text, expr.span.start);
    for (const child of childrenOf(expr)) {
      const isSpine = expr.type === 'binary' && child === expr.left;
      visits.push({ expr: child, nesting: isSpine ? nesting : nesting + 1, height: height + 1 });
    }
  }
}
