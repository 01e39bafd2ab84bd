import type { Registry } from 'prom-client';
import type { Clock, Labels, Logger, Milliseconds } from '../core/index.ts';
import type { Appendable, Queryable } from '../promql/index.ts';
import type { AlertSender } from './alert-sender.ts';
import { createGroupEvaluation, type GroupContext, type GroupEvaluation } from './group-evaluation.ts';
import { createRuleMetrics } from './metrics.ts';
import type { RuleQuery } from './query.ts';
import type { RuleGroup } from './rule-file.ts';
import type { RuleState } from './rule-state.ts';

export interface RuleStepperOptions {
  /** In the order in which they are evaluated. */
  readonly groups: readonly RuleGroup[];
  readonly query: RuleQuery;
  readonly queryable: Queryable;
  readonly appendable: Appendable;
  readonly sender: AlertSender;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Of groups that give none. */
  readonly interval: Milliseconds;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  readonly resendDelay: Milliseconds;
}

/** Rules that are evaluated when they are told to rather than at their intervals; alerts are as after a restoration. */
export interface RuleStepper {
  /** Evaluates every group once, one after the other. */
  evaluate(at: Milliseconds): Promise<void>;
  /** The rules of all groups, in their order. */
  rules(): readonly RuleState[];
}

/** The very evaluation that `createRuleManager` schedules, for tests and simulations that have a schedule of their own. */
export function createRuleStepper(options: RuleStepperOptions): RuleStepper {
  const context: GroupContext = { ...options, metrics: createRuleMetrics(options.registry) };
  const evaluations: GroupEvaluation[] = options.groups.map(definition =>
    createGroupEvaluation(
      {
        definition,
        interval: definition.interval ?? options.interval,
        queryOffset: definition.queryOffset ?? 0,
        externalLabels: options.externalLabels,
      },
      context,
      true,
    ),
  );
  return {
    async evaluate(at) {
      for (const evaluation of evaluations) await evaluation.evaluate(at);
    },
    rules: () => evaluations.flatMap(({ states }) => states),
  };
}
