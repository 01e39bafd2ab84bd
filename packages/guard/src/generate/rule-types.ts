/** A recording rule as Prometheus's rule files have it. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alerting rule as Prometheus's rule files have it; durations as written. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string | undefined;
  readonly keep_firing_for?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export interface RuleGroup {
  readonly name: string;
  /** As Prometheus writes durations. */
  readonly interval: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}
