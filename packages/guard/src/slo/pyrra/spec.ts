import type { YamlSource } from '../../config/index.ts';
import type { MatchOperator, Milliseconds } from '../../core/index.ts';
import type { Warning } from '../warnings.ts';

export interface PyrraMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A selector of one metric by its name. */
export interface PyrraMetric {
  readonly name: string;
  /** Without the one on the name, in the order of the parser. */
  readonly matchers: readonly PyrraMatcher[];
  /** As written. */
  readonly text: string;
}

interface Grouped {
  /** As written: neither sorted nor each once. */
  readonly grouping: readonly string[];
}

export type PyrraIndicator = Grouped &
  (
    | { readonly kind: 'ratio'; readonly errors: PyrraMetric; readonly total: PyrraMetric }
    | { readonly kind: 'latency'; readonly success: PyrraMetric; readonly total: PyrraMetric }
    | { readonly kind: 'latencyNative'; readonly total: PyrraMetric; readonly latency: Milliseconds }
    | { readonly kind: 'bool_gauge'; readonly metric: PyrraMetric }
  );

/** Labels `severity`; undefined where Pyrra's own hold. */
export interface PyrraSeverities {
  readonly absent: string | undefined;
  readonly fastBurn: string | undefined;
  readonly mediumBurn: string | undefined;
  readonly slowBurn: string | undefined;
  readonly longTermBurn: string | undefined;
}

/** The name of the alert on missing metrics where none is given. */
export const DEFAULT_ABSENT_NAME = 'SLOMetricAbsent';

export interface PyrraAlerting {
  readonly burnRates: boolean;
  readonly absent: boolean;
  readonly name: string;
  readonly absentName: string;
  readonly severities: PyrraSeverities;
}

/** A `ServiceLevelObjective` of `pyrra.dev/v1alpha1`, checked as Pyrra 0.10 checks it. */
export interface PyrraObjective {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly description: string;
  /** Percent: 0 to 100. */
  readonly target: number;
  readonly window: Milliseconds;
  readonly performanceOverAccuracy: boolean;
  readonly descriptionAsLabel: boolean;
  readonly indicator: PyrraIndicator;
  readonly alerting: PyrraAlerting;
  readonly source: YamlSource;
  readonly warnings: readonly Warning[];
}
