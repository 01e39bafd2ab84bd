import type { Milliseconds } from '../core/index.ts';
import type { Expr } from '../promql/index.ts';

interface RuleBase {
  /** The recorded metric's or the alert's name. */
  readonly name: string;
  readonly expr: Expr;
  /** The expression as Prometheus prints it. */
  readonly query: string;
  /** The group's and the rule's own; an empty value removes the label. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface RecordingRule extends RuleBase {
  readonly kind: 'recording';
}

export interface AlertingRule extends RuleBase {
  readonly kind: 'alerting';
  readonly for: Milliseconds;
  readonly keepFiringFor: Milliseconds;
  readonly annotations: Readonly<Record<string, string>>;
}

export type Rule = RecordingRule | AlertingRule;

export interface RuleGroup {
  readonly file: string;
  readonly name: string;
  /** Absent: the global evaluation interval. */
  readonly interval?: Milliseconds;
  /** Of series or alerts a rule; 0 is none. */
  readonly limit: number;
  /** Absent: the global offset. */
  readonly queryOffset?: Milliseconds;
  readonly rules: readonly Rule[];
}

export interface RuleFile {
  readonly file: string;
  readonly groups: readonly RuleGroup[];
}
