import type { Milliseconds, Position, Ratio, Seconds } from '../core/index.ts';
import type { Policy, Severity } from './policies/policy.ts';
import type { Warning } from './warnings.ts';

/** A PromQL vector selector of a counter, without a range: `requests_total{status="error"}`. */
export type CounterSelector = string;

/** A PromQL expression that is written once and read over several windows. */
export interface WindowedQuery {
  /** As its author wrote it. */
  readonly text: string;
  /** The expression over one window. */
  readonly over: (window: Milliseconds) => string;
}

/** What is counted: the events, and either the good or the bad among them. */
export interface RatioSli {
  readonly kind: 'ratio';
  readonly counts: 'good' | 'bad';
  readonly events: CounterSelector;
  readonly total: CounterSelector;
}

/** Events within a latency, counted by one bucket of a classic histogram. */
export interface LatencySli {
  readonly kind: 'latency';
  /** Selector of the bucket that counts good events, its label `le` given: `d_bucket{le="0.25"}`. */
  readonly bucket: CounterSelector;
  /** The value of `le`, as the metric has it. */
  readonly le: string;
  /** Selector of the histogram's count. */
  readonly total: CounterSelector;
}

/** Events within a latency, counted by a native histogram; the embedded engine refuses these. */
export interface NativeLatencySli {
  readonly kind: 'native-latency';
  /** Selector of the histogram. */
  readonly histogram: CounterSelector;
  readonly threshold: Seconds;
}

/** Bad and all events a second, each by an expression of the author's. */
export interface QueriesSli {
  readonly kind: 'queries';
  readonly counts: 'good' | 'bad';
  readonly events: WindowedQuery;
  readonly total: WindowedQuery;
}

/** A ratio by an expression of the author's. Without counts of events, every instant weighs the same. */
export interface RawRatioSli {
  readonly kind: 'raw';
  readonly counts: 'good' | 'bad';
  readonly ratio: WindowedQuery;
}

/** A gauge that is judged at each of its samples: a sample that meets the condition is a good event. */
export interface GaugeSli {
  readonly kind: 'gauge';
  /** Selector of the gauge, or an expression that gives its values at an instant. */
  readonly gauge: string;
  readonly op: '>' | '>=' | '<' | '<=' | '==';
  readonly value: number;
}

export type Sli = RatioSli | LatencySli | NativeLatencySli | QueriesSli | RawRatioSli | GaugeSli;

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Windows that follow each other without a gap, and begin and end at the same local times whatever summer time does. */
export interface CalendarWindow {
  readonly kind: 'calendar';
  readonly unit: CalendarUnit;
  /** How many units a window lasts: a whole number above 0. */
  readonly count: number;
  /** Name in the IANA database. */
  readonly timeZone: string;
  /**
   * Local time at which some window begins, `2024-01-01T00:00:00`: windows lie before it as well as after it.
   * On a day that a month lacks, the window begins on the month's last.
   */
  readonly anchor: string;
}

/** What an error budget is counted over. `calendarWindow` tells where a calendar's windows begin and end. */
export type TimeWindow = { readonly kind: 'rolling'; readonly length: Milliseconds } | CalendarWindow;

/** How what happened becomes a budget (OpenSLO v1, `budgetingMethod`). */
export type Budgeting =
  /** Each event weighs the same. */
  | { readonly method: 'occurrences' }
  /** Each slice of time is good or bad: good when at least `target` of its events are. */
  | { readonly method: 'timeslices'; readonly target: Ratio; readonly slice: Milliseconds }
  /** Each slice weighs the same, with the share of its events that are good. */
  | { readonly method: 'ratio-timeslices'; readonly slice: Milliseconds };

/** When events do not count. */
export interface Exclusions {
  /** PromQL: events do not count while it returns anything. */
  readonly guard: string | undefined;
  readonly maintenance: readonly Maintenance[];
}

/** Announced in advance; from inclusive, to exclusive, since the epoch. */
export interface Maintenance {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

/** The alert that tells that there are no data; it waits long enough to stay silent across a deploy. */
export interface AbsentAlert {
  readonly for: Milliseconds;
  readonly severity: Severity;
}

/** Whom a tier's `notify` names. */
export interface NotificationTarget {
  readonly name: string;
  /** What kind of target it is, as its author says: `slack`, `email`. */
  readonly target: string;
  readonly description: string;
  /** Whether it is told of the end too. */
  readonly whenResolved: boolean;
}

/** One service level objective, whatever format it was read from. */
export interface Slo {
  /** The value of the label `service` on everything that is generated. */
  readonly service: string;
  /** Unique within its service; the value of the label `slo`. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly sli: Sli;
  /** Labels by which the objective is kept for each group apart. */
  readonly grouping: readonly string[];
  /** Share of events that must be good: above 0, below 1. */
  readonly objective: Ratio;
  readonly window: TimeWindow;
  readonly budgeting: Budgeting;
  readonly exclusions: Exclusions;
  /** Scaled to the window. */
  readonly policy: Policy;
  /** No burn-rate alert fires on fewer events in its short window; undefined switches this off. */
  readonly minimumEvents: number | undefined;
  readonly absent: AbsentAlert | undefined;
  /** Described for those of the policy's `notify` that the files describe; in the order of their names. */
  readonly notificationTargets: readonly NotificationTarget[];
  /** What the names of its alerts begin with; the tier's suffix follows. */
  readonly alertPrefix: string;
  /** The burn rates are also recorded as `<alias>:<window>`. */
  readonly recordAlias: string | undefined;
  /** Who answers for it. */
  readonly owner: string | undefined;
  /** Named links for those on call. */
  readonly links: Readonly<Record<string, string>>;
  /** Further labels of its alerts; never `service`, `slo`, `severity` or `alertname`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Further annotations of its alerts. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Where it is declared. */
  readonly source: Position;
}

/** All objectives of a set of files, ordered by service and name, with what is suspicious about them. */
export interface SloModel {
  readonly slos: readonly Slo[];
  readonly warnings: readonly Warning[];
}
