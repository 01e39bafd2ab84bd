import { Labels, type Milliseconds, UserError } from '../core/index.ts';
import type { Expr, PromqlEngine, Queryable } from '../promql/index.ts';

/** One element of a rule's result. */
export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
}

/** Evaluates an expression at an instant. What it throws fails the rule with its message. */
export type RuleQuery = (expr: Expr, at: Milliseconds) => readonly RuleSample[];

/** A scalar counts as a vector of one element without labels. @throws UserError `rule-result` for anything else */
export function createRuleQuery(engine: PromqlEngine, queryable: Queryable): RuleQuery {
  return (expr, at) => {
    const result = engine.instant(queryable, expr, at);
    if (result.type === 'vector') return result.samples;
    if (result.type === 'scalar') return [{ labels: Labels.EMPTY, value: result.value }];
    throw new UserError('rule-result', 'rule result is not a vector or scalar');
  };
}
