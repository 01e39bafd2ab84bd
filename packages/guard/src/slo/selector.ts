import { type Expr, parseExpr } from '../promql/index.ts';

/**
 * Why a text is not a plain counter selector, or undefined when it is one. Ranges, rates and sums are the generator's
 * to add, since the same selector is read over several windows.
 */
export function selectorFault(text: string): string | undefined {
  try {
    return faultOf(parseExpr(text));
  } catch (error) {
    return `not PromQL: ${(error as Error).message}`;
  }
}

function faultOf(expr: Expr): string | undefined {
  if (expr.type !== 'vector')
    return 'must be a plain selector of a counter, such as requests_total{status="error"}';
  if (expr.offset || expr.at) return 'must not have offset or @';
  return expr.name === '' ? 'must begin with the name of the metric' : undefined;
}
