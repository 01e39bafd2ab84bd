import {
  type Clock,
  type Labels,
  type Logger,
  type Milliseconds,
  messageOf,
  startTicker,
  type Ticker,
} from '../core/index.ts';
import type { Appendable, Queryable } from '../promql/index.ts';
import type { AlertSender } from './alert-sender.ts';
import { evaluateAlerts } from './alerting.ts';
import { forgetGroup, type RuleMetrics } from './metrics.ts';
import type { RuleQuery, RuleSample } from './query.ts';
import { evaluateRecording } from './recording.ts';
import { restoreAlerts } from './restore.ts';
import type { RuleGroup } from './rule-file.ts';
import { createRuleState, inheritStates, type RuleState } from './rule-state.ts';
import { takeDueAlerts } from './sending.ts';
import { markStale, storeSamples } from './store-samples.ts';

/** What all groups share. */
export interface GroupContext {
  readonly query: RuleQuery;
  readonly queryable: Queryable;
  readonly appendable: Appendable;
  readonly sender: AlertSender;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RuleMetrics;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  readonly resendDelay: Milliseconds;
  readonly forGracePeriod: Milliseconds;
  readonly forOutageTolerance: Milliseconds;
}

export interface GroupOptions {
  readonly definition: RuleGroup;
  readonly interval: Milliseconds;
  readonly queryOffset: Milliseconds;
  readonly offset: Milliseconds;
  /** After a restart the state of alerts is looked up once the second evaluation is done. */
  readonly restores: boolean;
  readonly context: GroupContext;
}

export interface Group {
  readonly definition: RuleGroup;
  readonly interval: Milliseconds;
  readonly queryOffset: Milliseconds;
  readonly states: readonly RuleState[];
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

/** Evaluations before the state of alerts is restored. */
const EVALUATIONS_BEFORE_RESTORE = 2;
/** After this much work in one go, other work gets its turn. */
const MAX_BLOCKING = 10;

/** A group of rules that are evaluated in order at each tick, each committing before the next. */
export function createGroup(options: GroupOptions): Group {
  const { definition, interval, queryOffset, context } = options;
  const { clock, metrics, appendable } = context;
  const logger = context.logger;
  const place = { file: definition.file, group: definition.name };
  const label = { rule_group: `${definition.file};${definition.name}` };
  const states = definition.rules.map(createRuleState);
  let orphans: readonly Labels[] = [];
  let ticker: Ticker | undefined;
  let isStopped = false;
  let isRestored = !options.restores || definition.rules.every(rule => rule.kind === 'recording');
  let evaluations = 0;
  let lastEvaluation: Milliseconds | undefined;
  let evaluationTime: Milliseconds = 0;

  for (const counter of [
    metrics.iterations,
    metrics.iterationsMissed,
    metrics.evaluations,
    metrics.failures,
  ]) {
    counter.inc(label, 0);
  }
  metrics.rules.set(label, states.length);
  metrics.interval.set(label, interval / 1000);

  async function tick(due: Milliseconds, missed: number): Promise<void> {
    metrics.iterations.inc(label, missed + 1);
    metrics.iterationsMissed.inc(label, missed);
    const started = clock.monotonic();
    const startedAt = clock.now();
    await evaluate(due);
    evaluationTime = clock.monotonic() - started;
    lastEvaluation = startedAt;
    metrics.groupDuration.observe(evaluationTime / 1000);
    metrics.lastDuration.set(label, evaluationTime / 1000);
    metrics.lastEvaluation.set(label, startedAt / 1000);
    metrics.lastRuleDurationSum.set(
      label,
      states.reduce((sum, state) => sum + state.evaluationTime, 0) / 1000,
    );
    if (++evaluations >= EVALUATIONS_BEFORE_RESTORE && !isRestored && !isStopped) restore();
  }

  async function evaluate(at: Milliseconds): Promise<void> {
    let samples = 0;
    let sinceYield = clock.monotonic();
    for (const state of states) {
      if (isStopped) return;
      samples += evaluateRule(state, at);
      if (clock.monotonic() - sinceYield < MAX_BLOCKING) continue;
      await clock.sleep(0);
      sinceYield = clock.monotonic();
    }
    metrics.samples.set(label, samples);
    forgetOrphans(at - queryOffset);
  }

  /** The number of samples of the result. */
  function evaluateRule(state: RuleState, at: Milliseconds): number {
    const started = clock.monotonic();
    metrics.evaluations.inc(label);
    try {
      const samples = resultOf(state, at);
      state.health = 'ok';
      state.lastError = '';
      send(state, at);
      store(state, samples, at - queryOffset);
      return samples.length;
    } catch (error) {
      fail(state, error);
      return 0;
    } finally {
      state.evaluationTime = clock.monotonic() - started;
      state.lastEvaluation = clock.now();
      metrics.evaluationDuration.observe(state.evaluationTime / 1000);
    }
  }

  function fail(state: RuleState, error: unknown): void {
    state.health = 'err';
    state.lastError = messageOf(error);
    metrics.failures.inc(label);
    logger.warn({ ...place, rule: state.rule.name, error: state.lastError }, 'rule evaluation failed');
  }

  function resultOf({ rule, alerts }: RuleState, at: Milliseconds): RuleSample[] {
    const { limit } = definition;
    if (rule.kind === 'recording') return evaluateRecording(rule, at - queryOffset, limit, context.query);
    const samples = evaluateAlerts(rule, alerts, { at, queryOffset, limit }, { ...context, onTemplateError });
    // Until then the stored state is that of before the restart.
    return isRestored ? samples : [];
  }

  function onTemplateError(rule: { readonly name: string }, error: unknown): void {
    metrics.templateFailures.inc();
    logger.warn({ ...place, rule: rule.name, error: messageOf(error) }, 'expanding a template failed');
  }

  function send({ rule, alerts }: RuleState, at: Milliseconds): void {
    if (rule.kind !== 'alerting') return;
    const due = takeDueAlerts(alerts, { ...context, at, interval, query: rule.query });
    if (due.length > 0) context.sender.send(due);
  }

  function store(state: RuleState, samples: readonly RuleSample[], at: Milliseconds): void {
    const { series, refused } = storeSamples(appendable, samples, at, state.previous);
    state.previous = series;
    if (refused.size === 0) return;
    const reasons = [...refused].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
    state.health = 'err';
    state.lastError = `samples not stored: ${reasons}`;
    logger.warn({ ...place, rule: state.rule.name, reasons }, 'samples of a rule not stored');
  }

  function forgetOrphans(at: Milliseconds): void {
    if (orphans.length === 0) return;
    try {
      markStale(appendable, orphans, at);
      orphans = [];
    } catch (error) {
      logger.warn({ ...place, error: messageOf(error) }, 'staleness of series without a rule not stored');
    }
  }

  function restore(): void {
    const started = clock.monotonic();
    const settings = {
      queryable: context.queryable,
      now: clock.now(),
      outageTolerance: context.forOutageTolerance,
      gracePeriod: context.forGracePeriod,
    };
    for (const { rule, alerts } of states) {
      if (rule.kind !== 'alerting') continue;
      try {
        restoreAlerts(rule, alerts, settings);
      } catch (error) {
        logger.error({ ...place, rule: rule.name, error: messageOf(error) }, 'state of alerts not restored');
      }
    }
    isRestored = true;
    metrics.lastRestoreDuration.set(label, (clock.monotonic() - started) / 1000);
  }

  return {
    definition,
    interval,
    queryOffset,
    states,
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
      orphans = inheritStates(states, from.states);
      lastEvaluation = from.lastEvaluation;
      evaluationTime = from.evaluationTime;
    },
    async stop() {
      isStopped = true;
      await ticker?.stop();
    },
    async retire(signal) {
      const at = clock.now();
      forgetGroup(metrics, label);
      orphans = states.flatMap(state => [...state.previous.values()]);
      await clock.sleep(2 * interval, signal);
      forgetOrphans(at - queryOffset);
    },
  };
}
