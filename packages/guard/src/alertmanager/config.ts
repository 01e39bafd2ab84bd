import type { Labels, Matcher, Milliseconds } from '../core/index.ts';
import type { IntegrationConfig } from './receivers/config.ts';
import type { NotificationTemplates } from './templates/notification-templates.ts';
import type { TimeInterval } from './time-interval.ts';

/** A checked configuration; what stands here is served, everything else was refused. */
export interface AlertmanagerConfig {
  readonly file: string;
  /** The configuration as text for people, without secrets. */
  readonly shown: string;
  readonly resolveTimeout: Milliseconds;
  readonly route: RouteConfig;
  /** What labels of routes may call. */
  readonly templates: NotificationTemplates;
  readonly inhibitRules: readonly InhibitRuleConfig[];
  /** In the file's order; names are unique. */
  readonly receivers: readonly ReceiverConfig[];
  readonly timeIntervals: ReadonlyMap<string, readonly TimeInterval[]>;
}

/** One node of the routing tree; what is undefined is inherited. */
export interface RouteConfig {
  readonly receiver?: string;
  readonly groupBy?: readonly string[];
  /** `group_by: ['...']`: every label. */
  readonly groupByAll: boolean;
  readonly groupWait?: Milliseconds;
  /** Above 0. */
  readonly groupInterval?: Milliseconds;
  /** Above 0. */
  readonly repeatInterval?: Milliseconds;
  /** In the order of route keys. */
  readonly matchers: readonly Matcher[];
  readonly continue: boolean;
  /** Texts with templates by name; an empty one is one, too. */
  readonly labels: ReadonlyMap<string, string>;
  readonly routes: readonly RouteConfig[];
  /** Names of intervals in which nothing is told; not inherited. */
  readonly muteTimes: readonly string[];
  /** Names of the intervals in which alone something is told; none: always. Not inherited. */
  readonly activeTimes: readonly string[];
}

export interface InhibitRuleConfig {
  readonly name: string;
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

export interface ReceiverConfig {
  readonly name: string;
  readonly labels: Labels;
  /** In Alertmanager's order: by kind, then as they stand in the file. */
  readonly integrations: readonly IntegrationConfig[];
}
