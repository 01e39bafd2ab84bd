import { type Milliseconds, messageOf, startTicker, type Ticker } from '../core/index.ts';
import {
  createGroupEvaluation,
  type GroupContext,
  type GroupEvaluation,
  type GroupSettings,
} from './group-evaluation.ts';
import { announceGroup, forgetGroup } from './metrics.ts';
import { restoreAlerts } from './restore.ts';
import type { RuleGroup } from './rule-file.ts';
import type { RuleState } from './rule-state.ts';

export interface GroupOptions extends GroupSettings {
  readonly offset: Milliseconds;
  /** After a restart the state of alerts is looked up once the second evaluation is done. */
  readonly restores: boolean;
  readonly forGracePeriod: Milliseconds;
  readonly forOutageTolerance: Milliseconds;
  readonly context: GroupContext;
}

export interface Group {
  readonly definition: RuleGroup;
  readonly interval: Milliseconds;
  readonly queryOffset: Milliseconds;
  readonly states: readonly RuleState[];
  readonly evaluation: GroupEvaluation;
  /** What the last evaluation was for; before the first, long ago. */
  readonly lastDue: Milliseconds;
  /** Absent before the first evaluation. */
  readonly lastEvaluation: Milliseconds | undefined;
  readonly evaluationTime: Milliseconds;
  start(): void;
  /** Takes over from the group that this one replaces; before `start`. */
  inherit(from: Group): void;
  /** Waits for the rule that is being evaluated. */
  stop(): Promise<void>;
  /** After `stop`: marks the group's series stale once renamed rules had time to take them over. */
  retire(signal: AbortSignal): Promise<void>;
}

/** Evaluations before the state of alerts is restored (group.go `run`). */
const EVALUATIONS_BEFORE_RESTORE = 2;

/** A group of rules that are evaluated in order at each tick. */
export function createGroup(options: GroupOptions): Group {
  const { definition, interval, queryOffset, context } = options;
  const { clock, metrics, logger } = context;
  const place = { file: definition.file, group: definition.name };
  const label = { rule_group: `${definition.file};${definition.name}` };
  let isRestored = !options.restores || definition.rules.every(rule => rule.kind === 'recording');
  const evaluation = createGroupEvaluation(options, context, isRestored);
  let ticker: Ticker | undefined;
  let isStopped = false;
  let evaluations = 0;
  let lastEvaluation: Milliseconds | undefined;
  let lastDue: Milliseconds = Number.NEGATIVE_INFINITY;
  let evaluationTime: Milliseconds = 0;
  announceGroup(metrics, label, { rules: definition.rules.length, interval });

  async function tick(due: Milliseconds, missed: number): Promise<void> {
    // The group that this one replaces may have been evaluated for this very instant.
    if (due <= lastDue) return;
    lastDue = due;
    metrics.iterations.inc(label, missed + 1);
    metrics.iterationsMissed.inc(label, missed);
    const started = clock.monotonic();
    lastEvaluation = clock.now();
    await evaluation.evaluate(due);
    evaluationTime = clock.monotonic() - started;
    tellDuration(lastEvaluation);
    if (++evaluations >= EVALUATIONS_BEFORE_RESTORE && !isRestored && !isStopped) restore();
  }

  function tellDuration(startedAt: Milliseconds): void {
    const seconds = evaluationTime / 1000;
    metrics.groupDuration.observe(seconds);
    metrics.groupDurationHistogram.observe(seconds);
    metrics.lastDuration.set(label, seconds);
    metrics.lastEvaluation.set(label, startedAt / 1000);
    const rules = evaluation.states.reduce((sum, state) => sum + state.evaluationTime, 0);
    metrics.lastRuleDurationSum.set(label, rules / 1000);
  }

  function restore(): void {
    const started = clock.monotonic();
    const settings = {
      queryable: context.queryable,
      now: clock.now(),
      outageTolerance: options.forOutageTolerance,
      gracePeriod: options.forGracePeriod,
    };
    for (const state of evaluation.states) {
      if (state.kind !== 'alerting') continue;
      try {
        restoreAlerts(state, settings);
      } catch (error) {
        const fields = { ...place, rule: state.rule.name, error: messageOf(error) };
        logger.error(fields, 'state of alerts not restored');
      }
    }
    isRestored = true;
    evaluation.beginWriting();
    metrics.lastRestoreDuration.set(label, (clock.monotonic() - started) / 1000);
  }

  return {
    definition,
    interval,
    queryOffset,
    states: evaluation.states,
    evaluation,
    get lastDue() {
      return lastDue;
    },
    get lastEvaluation() {
      return lastEvaluation;
    },
    get evaluationTime() {
      return evaluationTime;
    },
    start() {
      ticker = startTicker(clock, {
        interval,
        offset: options.offset,
        onTick: tick,
        onError: error => logger.error({ ...place, error: messageOf(error) }, 'a rule group failed within'),
      });
    },
    inherit(from) {
      evaluation.inherit(from.evaluation);
      lastDue = from.lastDue;
      lastEvaluation = from.lastEvaluation;
      evaluationTime = from.evaluationTime;
    },
    async stop() {
      isStopped = true;
      evaluation.cease();
      await ticker?.stop();
    },
    async retire(signal) {
      const at = clock.now();
      forgetGroup(metrics, label);
      evaluation.abandon();
      await clock.sleep(2 * interval, signal);
      evaluation.buryOrphans(at - queryOffset);
    },
  };
}
