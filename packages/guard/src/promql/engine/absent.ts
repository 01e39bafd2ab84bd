import { Labels } from '../../core/index.ts';
import type { Expr } from '../ast.ts';
import { isMetadataLabel } from './context.ts';

/** Labels that an absent series is known to have: those its selector wants to equal one value. */
export function absentLabels(expr: Expr): Labels {
  const selector = expr.type === 'matrix' ? expr.selector : expr;
  if (selector.type !== 'vector') return Labels.EMPTY;
  const found = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, operator, value } of selector.matchers) {
    if (isMetadataLabel(name)) continue;
    // A label with two conditions is left out, even when both ask for the same value.
    if (operator === '=' && !seen.has(name)) found.set(name, value);
    else found.delete(name);
    if (operator === '=') seen.add(name);
  }
  return Labels.of(found);
}
