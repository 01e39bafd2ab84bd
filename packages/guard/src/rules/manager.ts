import type { Registry } from 'prom-client';
import {
  type Clock,
  fnv1a64,
  type Labels,
  type Logger,
  type Milliseconds,
  messageOf,
} from '../core/index.ts';
import type { Appendable, Queryable } from '../promql/index.ts';
import type { AlertSender } from './alert-sender.ts';
import type { Alert, AlertState } from './alerting.ts';
import { createGroup, type Group, type GroupContext } from './group.ts';
import { createRuleMetrics } from './metrics.ts';
import type { RuleQuery } from './query.ts';
import type { Rule, RuleFile, RuleGroup } from './rule-file.ts';
import { type RuleState, stateOf } from './rule-state.ts';

/** An alert as /api/v1/alerts shows it. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: Exclude<AlertState, 'inactive'>;
  readonly activeAt: Milliseconds;
  readonly keepFiringSince?: Milliseconds;
  readonly value: number;
}

/** A rule as /api/v1/rules shows it. */
export interface RuleView {
  readonly rule: Rule;
  readonly health: RuleState['health'];
  readonly lastError: string;
  readonly lastEvaluation?: Milliseconds;
  readonly evaluationTime: Milliseconds;
  /** Of alerting rules; `unknown` before the first evaluation. */
  readonly state?: AlertState | 'unknown';
  /** Pending and firing ones, ordered by when they became active. */
  readonly alerts: readonly ActiveAlert[];
}

export interface GroupView {
  readonly name: string;
  readonly file: string;
  readonly interval: Milliseconds;
  readonly limit: number;
  readonly queryOffset: Milliseconds;
  readonly lastEvaluation?: Milliseconds;
  readonly evaluationTime: Milliseconds;
  readonly rules: readonly RuleView[];
}

export interface RuleManagerOptions {
  readonly files: readonly RuleFile[];
  readonly query: RuleQuery;
  /** Where the state of alerts is looked up after a restart. */
  readonly queryable: Queryable;
  readonly appendable: Appendable;
  readonly sender: AlertSender;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Of groups that give none. */
  readonly evaluationInterval: Milliseconds;
  /** Of groups that give none; 0 by default. */
  readonly queryOffset?: Milliseconds;
  readonly externalLabels: Labels;
  /** Without a slash at its end. */
  readonly externalUrl: string;
  /** 1 minute by default. */
  readonly resendDelay?: Milliseconds;
  /** 10 minutes by default. */
  readonly forGracePeriod?: Milliseconds;
  /** 1 hour by default. */
  readonly forOutageTolerance?: Milliseconds;
  /**
   * Where in its interval a group ticks: 0 ≤ offset < interval. By default a hash of the group spreads them; the
   * remainder of now by the interval evaluates it at once.
   */
  readonly groupOffset?: (group: RuleGroup, interval: Milliseconds) => Milliseconds;
}

export interface RuleManager {
  start(): void;
  /** Waits for rules that are being evaluated. */
  stop(): Promise<void>;
  /** Groups that did not change go on undisturbed; changed ones keep the alerts of rules with equal name and labels. */
  reload(files: readonly RuleFile[]): Promise<void>;
  /** Ordered by file, then as the file has them. */
  groups(): GroupView[];
  /** Pending and firing alerts of all rules. */
  alerts(): ActiveAlert[];
}

const MINUTE = 60_000;

const hashOffset = ({ file, name }: RuleGroup, interval: Milliseconds) =>
  Number.parseInt(fnv1a64([file, ';', name]).slice(-12), 16) % interval;

const keyOf = ({ file, name }: RuleGroup) => `${file};${name}`;

/** Everything that a group's evaluations depend on. */
const contentOf = (group: RuleGroup, interval: Milliseconds, queryOffset: Milliseconds) =>
  JSON.stringify([group.limit, interval, queryOffset, group.rules.map(({ expr: _, ...rule }) => rule)]);

/** Evaluates rule groups at their intervals, concurrently, and keeps the state of their alerts. */
export function createRuleManager(options: RuleManagerOptions): RuleManager {
  const { logger } = options;
  const context: GroupContext = {
    ...options,
    metrics: createRuleMetrics(options.registry),
    resendDelay: options.resendDelay ?? MINUTE,
    forGracePeriod: options.forGracePeriod ?? 10 * MINUTE,
    forOutageTolerance: options.forOutageTolerance ?? 60 * MINUTE,
  };
  const groupOffset = options.groupOffset ?? hashOffset;
  const ending = new AbortController();
  let groups = new Map<string, Group>(
    build(options.files, true).map(group => [keyOf(group.definition), group]),
  );
  let isStarted = false;

  function build(files: readonly RuleFile[], restores: boolean): Group[] {
    return files.flatMap(({ groups: definitions }) =>
      definitions.map(definition => {
        const interval = definition.interval ?? options.evaluationInterval;
        const queryOffset = definition.queryOffset ?? options.queryOffset ?? 0;
        const offset = groupOffset(definition, interval);
        return createGroup({ definition, interval, queryOffset, offset, restores, context });
      }),
    );
  }

  const content = (group: Group) => contentOf(group.definition, group.interval, group.queryOffset);

  async function replace(next: Group): Promise<Group> {
    const old = groups.get(keyOf(next.definition));
    if (old && content(old) === content(next)) return old;
    if (old) {
      await old.stop();
      next.inherit(old);
    }
    if (isStarted) next.start();
    return next;
  }

  async function remove(group: Group): Promise<void> {
    await group.stop();
    group.retire(ending.signal).catch(error => {
      logger.debug(
        { group: group.definition.name, error: messageOf(error) },
        'staleness of a removed group not written',
      );
    });
  }

  return {
    start() {
      isStarted = true;
      for (const group of groups.values()) group.start();
    },
    async stop() {
      ending.abort(new Error('rule evaluation was stopped'));
      await Promise.all([...groups.values()].map(group => group.stop()));
    },
    async reload(files) {
      const replaced = await Promise.all(build(files, false).map(replace));
      const next = new Map(replaced.map(group => [keyOf(group.definition), group]));
      const gone = [...groups].filter(([key]) => !next.has(key)).map(([, group]) => group);
      groups = next;
      await Promise.all(gone.map(remove));
    },
    groups: () => [...groups.values()].map(viewOf),
    alerts: () => [...groups.values()].flatMap(group => group.states.flatMap(state => activeAlerts(state))),
  };
}

function viewOf(group: Group): GroupView {
  const { definition, interval, queryOffset, lastEvaluation, evaluationTime } = group;
  return {
    name: definition.name,
    file: definition.file,
    interval,
    limit: definition.limit,
    queryOffset,
    ...(lastEvaluation !== undefined && { lastEvaluation }),
    evaluationTime,
    rules: group.states.map(state => ({
      rule: state.rule,
      health: state.health,
      lastError: state.lastError,
      ...(state.lastEvaluation !== undefined && { lastEvaluation: state.lastEvaluation }),
      evaluationTime: state.evaluationTime,
      ...(state.rule.kind === 'alerting' && { state: stateOf(state) }),
      alerts: activeAlerts(state),
    })),
  };
}

function activeAlerts({ alerts }: RuleState): ActiveAlert[] {
  return [...alerts.values()]
    .filter((alert): alert is Alert & { state: ActiveAlert['state'] } => alert.state !== 'inactive')
    .sort((a, b) => a.activeAt - b.activeAt)
    .map(({ labels, annotations, state, activeAt, keepFiringSince, value }) => ({
      labels,
      annotations,
      state,
      activeAt,
      value,
      ...(keepFiringSince !== undefined && { keepFiringSince }),
    }));
}
