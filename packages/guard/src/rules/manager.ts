import type { Registry } from 'prom-client';
import {
  type Clock,
  compareStrings,
  fnv1a64,
  type Labels,
  type Logger,
  type Milliseconds,
  messageOf,
} from '../core/index.ts';
import type { Appendable, Queryable } from '../promql/index.ts';
import type { AlertSender } from './alert-sender.ts';
import { createGroup, type Group } from './group.ts';
import type { GroupContext } from './group-evaluation.ts';
import { type ActiveAlert, activeAlerts, type GroupView, viewOf } from './group-view.ts';
import { createRuleMetrics } from './metrics.ts';
import type { RuleQuery } from './query.ts';
import type { RuleFile, RuleGroup } from './rule-file.ts';

/** What a Prometheus file says of all groups. */
export interface RuleSettings {
  /** Of groups that give none. */
  readonly evaluationInterval: Milliseconds;
  /** Of groups that give none. */
  readonly queryOffset: Milliseconds;
  /** As templates see them; the sender adds them to alerts. */
  readonly externalLabels: Labels;
}

export interface RuleManagerOptions extends RuleSettings {
  readonly files: readonly RuleFile[];
  readonly query: RuleQuery;
  /** Where the state of alerts is looked up after a restart. */
  readonly queryable: Queryable;
  readonly appendable: Appendable;
  readonly sender: AlertSender;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
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
  reload(files: readonly RuleFile[], settings: RuleSettings): Promise<void>;
  /** Ordered by file, then by name. */
  groups(): GroupView[];
  /** Pending and firing alerts of all rules. */
  alerts(): ActiveAlert[];
}

const MINUTE = 60_000;

const hashOffset = ({ file, name }: RuleGroup, interval: Milliseconds) =>
  Number.parseInt(fnv1a64(`${file};${name}`).slice(-12), 16) % interval;

const keyOf = ({ file, name }: RuleGroup) => `${file};${name}`;

/** Everything that a group's evaluations depend on. */
const contentOf = ({ limit, rules }: RuleGroup, settings: RuleSettings) =>
  JSON.stringify([
    limit,
    settings.evaluationInterval,
    settings.queryOffset,
    settings.externalLabels.key,
    rules.map(({ expr: _, ...rule }) => rule),
  ]);

interface RunningGroup {
  readonly group: Group;
  readonly content: string;
}

/** Evaluates rule groups at their intervals, concurrently, and keeps the state of their alerts. */
export function createRuleManager(options: RuleManagerOptions): RuleManager {
  const { logger, forGracePeriod = 10 * MINUTE, forOutageTolerance = 60 * MINUTE } = options;
  const context: GroupContext = {
    ...options,
    metrics: createRuleMetrics(options.registry),
    resendDelay: options.resendDelay ?? MINUTE,
  };
  const groupOffset = options.groupOffset ?? hashOffset;
  const ending = new AbortController();
  let groups = byKey(build(options.files, options, true));
  let isStarted = false;

  function build(files: readonly RuleFile[], settings: RuleSettings, restores: boolean): RunningGroup[] {
    return files.flatMap(file => file.groups.map(definition => buildGroup(definition, settings, restores)));
  }

  function buildGroup(definition: RuleGroup, settings: RuleSettings, restores: boolean): RunningGroup {
    const interval = definition.interval ?? settings.evaluationInterval;
    const queryOffset = definition.queryOffset ?? settings.queryOffset;
    const { externalLabels } = settings;
    const content = contentOf(definition, { evaluationInterval: interval, queryOffset, externalLabels });
    const group = createGroup({
      definition,
      interval,
      queryOffset,
      externalLabels,
      offset: groupOffset(definition, interval),
      restores,
      forGracePeriod,
      forOutageTolerance,
      context,
    });
    return { group, content };
  }

  async function replace(next: RunningGroup): Promise<RunningGroup> {
    const old = groups.get(keyOf(next.group.definition));
    if (old?.content === next.content) return old;
    if (old) {
      await old.group.stop();
      next.group.inherit(old.group);
    }
    if (isStarted) next.group.start();
    return next;
  }

  async function remove({ group }: RunningGroup): Promise<void> {
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
      for (const { group } of groups.values()) group.start();
    },
    async stop() {
      ending.abort(new Error('rule evaluation was stopped'));
      await Promise.all([...groups.values()].map(({ group }) => group.stop()));
    },
    async reload(files, settings) {
      const next = byKey(await Promise.all(build(files, settings, false).map(replace)));
      const gone = [...groups].filter(([key]) => !next.has(key)).map(([, running]) => running);
      groups = next;
      await Promise.all(gone.map(remove));
    },
    groups: () => [...groups.values()].map(({ group }) => viewOf(group)),
    alerts: () => [...groups.values()].flatMap(({ group }) => group.states.flatMap(activeAlerts)),
  };
}

/** In the order in which they are shown. */
function byKey(groups: readonly RunningGroup[]): Map<string, RunningGroup> {
  const sorted = groups.toSorted(
    ({ group: { definition: a } }, { group: { definition: b } }) =>
      compareStrings(a.file, b.file) || compareStrings(a.name, b.name),
  );
  return new Map(sorted.map(running => [keyOf(running.group.definition), running]));
}
