import { messageOf } from '../../core/index.ts';
import { parseExpr } from '../../promql/index.ts';
import type { PyrraMetric } from './spec.ts';

export type ReadMetric =
  | { readonly metric: PyrraMetric; readonly dropped: readonly string[] }
  | { readonly fault: string; readonly remedy: string };

/**
 * A selector of one metric, as Pyrra uses it: what it drops is named. It makes empty groups of a metric that is not
 * named before the braces, which is refused here.
 */
export function readMetric(text: string): ReadMetric {
  try {
    const expr = parseExpr(text);
    if (expr.type !== 'vector')
      return {
        fault: 'must be a selector and nothing more',
        remedy: 'rates and sums are added by the generator',
      };
    if (expr.name === '')
      return {
        fault: 'must begin with the name of the metric',
        remedy: 'write it as name{…}; Pyrra makes no rules of any other form',
      };
    const matchers = expr.matchers
      .filter(({ name }) => name !== '__name__')
      .map(({ name, operator, value }) => ({ name, operator, value }));
    const dropped = [...(expr.offset ? ['offset'] : []), ...(expr.at ? ['@'] : [])];
    return { metric: { name: expr.name, matchers, text }, dropped };
  } catch (error) {
    return { fault: messageOf(error), remedy: 'write a selector such as requests_total{job="shop"}' };
  }
}
