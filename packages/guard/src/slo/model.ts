import type { Milliseconds, Position, Ratio } from '../core/index.ts';
import type { Policy } from './policies.ts';
import type { Warning } from './warnings.ts';

/** A PromQL vector selector of a counter, without a range: `requests_total{status="error"}`. */
export type CounterSelector = string;

/** What is counted: the events, and either the good or the bad among them. */
export interface RatioSli {
  readonly counts: 'good' | 'bad';
  readonly events: CounterSelector;
  readonly total: CounterSelector;
}

/** One service level objective, whatever format it was read from. */
export interface Slo {
  /** The value of the label `service` on everything that is generated. */
  readonly service: string;
  /** Unique within its service; the value of the label `slo`. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly sli: RatioSli;
  /** Share of events that must be good: above 0, below 1. */
  readonly objective: Ratio;
  /** Rolling. */
  readonly window: Milliseconds;
  readonly policy: Policy;
  /** What the names of its alerts begin with; the tier's suffix follows. */
  readonly alertPrefix: string;
  /** The burn rates are also recorded as `<alias>:<window>`. */
  readonly recordAlias: string | undefined;
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
