import type { Clock, Labels, Logger, Milliseconds } from '../core/index.ts';
import { messageOf, UserError } from '../core/index.ts';
import type { Appendable, AppendOutcome, Queryable } from '../promql/index.ts';
import type { AlertSender } from './alert-sender.ts';
import { evaluateAlerts } from './alerting.ts';
import { createExpander } from './expander.ts';
import type { RuleMetrics } from './metrics.ts';
import type { RuleQuery, RuleSample } from './query.ts';
import { evaluateRecording } from './recording.ts';
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
  /** Without a slash at its end. */
  readonly externalUrl: string;
  readonly resendDelay: Milliseconds;
}

/** What a group is evaluated by. */
export interface GroupSettings {
  readonly definition: RuleGroup;
  readonly interval: Milliseconds;
  readonly queryOffset: Milliseconds;
  /** As templates see them. */
  readonly externalLabels: Labels;
}

/** The rules of a group with their state, evaluated whenever they are told to. */
export interface GroupEvaluation {
  readonly states: readonly RuleState[];
  /**
   * Evaluates the rules in order, each committing before the next. Other work gets its turn in between.
   * @returns whether all of them were evaluated
   */
  evaluate(at: Milliseconds): Promise<boolean>;
  /** Until this is called alerting rules write no samples: what the store has is still the state of before. */
  beginWriting(): void;
  /** Takes the alerts and series of the group that this one replaces; before the first evaluation. */
  inherit(from: GroupEvaluation): void;
  /** After the rule that is being evaluated, no other follows. */
  cease(): void;
  /** The series that no rule of the group writes any more; all of them, once the group itself is gone. */
  orphans(): readonly Labels[];
  abandon(): void;
  /** Marks them stale. */
  buryOrphans(at: Milliseconds): void;
}

/** After this much work in one go, other work gets its turn. */
const MAX_BLOCKING: Milliseconds = 10;

/** In Prometheus's words. */
const OUTCOMES: Readonly<Record<AppendOutcome, string>> = {
  appended: '',
  duplicate: '',
  'duplicate-other-value': 'duplicate sample for timestamp',
  'out-of-order': 'out of order sample',
  'out-of-bounds': 'out of bounds',
  'series-limit': 'the limit of series is reached',
};

/** As the API shows it: without the code that our own messages end with. */
const shownError = (error: unknown) =>
  error instanceof UserError ? error.problems.map(({ message }) => message).join('\n') : messageOf(error);

export function createGroupEvaluation(
  settings: GroupSettings,
  context: GroupContext,
  isWritingAlerts: boolean,
): GroupEvaluation {
  const { definition, interval, queryOffset, externalLabels } = settings;
  const { clock, metrics, appendable, logger } = context;
  const place = { file: definition.file, group: definition.name };
  const label = { rule_group: `${definition.file};${definition.name}` };
  const states = definition.rules.map(createRuleState);
  let orphans: readonly Labels[] = [];
  let hasCeased = false;
  let writesAlerts = isWritingAlerts;

  async function evaluate(at: Milliseconds): Promise<boolean> {
    let samples = 0;
    let sinceYield = clock.monotonic();
    for (const state of states) {
      if (hasCeased) return false;
      samples += evaluateRule(state, at);
      if (clock.monotonic() - sinceYield < MAX_BLOCKING) continue;
      await clock.sleep(0);
      sinceYield = clock.monotonic();
    }
    metrics.samples.set(label, samples);
    buryOrphans(at - queryOffset);
    return true;
  }

  /** The number of samples of the result. */
  function evaluateRule(state: RuleState, at: Milliseconds): number {
    const started = clock.monotonic();
    state.lastEvaluation = clock.now();
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
      metrics.evaluationDuration.observe(state.evaluationTime / 1000);
      metrics.evaluationDurationHistogram.observe(state.evaluationTime / 1000);
    }
  }

  function fail(state: RuleState, error: unknown): void {
    state.health = 'err';
    state.lastError = shownError(error);
    metrics.failures.inc(label);
    logger.warn({ ...place, rule: state.rule.name, error: state.lastError }, 'rule evaluation failed');
  }

  function resultOf(state: RuleState, at: Milliseconds): RuleSample[] {
    const { limit } = definition;
    const { query, externalUrl } = context;
    if (state.kind === 'recording') return evaluateRecording(state.rule, at - queryOffset, limit, query);
    const onExpansion = (failure?: unknown) => {
      metrics.templateExpansions.inc();
      if (failure !== undefined) tellTemplateFailure(state, failure);
    };
    const expander = createExpander({ query, at, externalLabels, externalUrl, onExpansion });
    const samples = evaluateAlerts(state, { at, queryOffset, limit, query, expander });
    return writesAlerts ? samples : [];
  }

  function tellTemplateFailure({ rule }: RuleState, failure: unknown): void {
    metrics.templateFailures.inc();
    logger.warn({ ...place, rule: rule.name, error: messageOf(failure) }, 'expanding a template failed');
  }

  function send(state: RuleState, at: Milliseconds): void {
    if (state.kind !== 'alerting') return;
    const { resendDelay, externalUrl } = context;
    const due = takeDueAlerts(state.alerts, {
      at,
      interval,
      resendDelay,
      externalUrl,
      query: state.rule.query,
    });
    if (due.length > 0) context.sender.send(due);
  }

  function store(state: RuleState, samples: readonly RuleSample[], at: Milliseconds): void {
    const { series, refused } = storeSamples(appendable, samples, at, state.previous);
    state.previous = series;
    if (refused.size === 0) return;
    state.health = 'err';
    state.lastError = OUTCOMES[[...refused.keys()].at(-1)!];
    const reasons = [...refused].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
    logger.warn({ ...place, rule: state.rule.name, reasons }, 'samples of a rule not stored');
  }

  function buryOrphans(at: Milliseconds): void {
    if (orphans.length === 0) return;
    try {
      markStale(appendable, orphans, at);
      orphans = [];
    } catch (error) {
      logger.warn({ ...place, error: messageOf(error) }, 'staleness of series without a rule not stored');
    }
  }

  return {
    states,
    evaluate,
    beginWriting() {
      writesAlerts = true;
    },
    inherit(from) {
      orphans = [...from.orphans(), ...inheritStates(states, from.states)];
    },
    cease() {
      hasCeased = true;
    },
    orphans: () => orphans,
    abandon() {
      orphans = [...orphans, ...states.flatMap(state => [...state.previous.values()])];
    },
    buryOrphans,
  };
}
