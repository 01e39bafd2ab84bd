import type { Labels, Milliseconds, Position } from '../core/index.ts';

/** A series that a test begins with, as the file has it: notation and values are read when the test runs. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
  readonly position: Position;
}

/** Alerts that must be firing under a name at an instant, and no others. */
export interface AlertTest {
  readonly evalTime: Milliseconds;
  readonly alertName: string;
  readonly expected: ReadonlyArray<{
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }>;
  readonly position: Position;
}

/** What a query must give at an instant. */
export interface PromqlTest {
  readonly evalTime: Milliseconds;
  readonly expr: string;
  readonly expected: ReadonlyArray<{
    readonly labels: string;
    readonly value: number;
    readonly histogram: string;
  }>;
  readonly position: Position;
}

export interface TestGroup {
  /** '' where it has none. */
  readonly name: string;
  /** Between the samples of its series. */
  readonly interval: Milliseconds;
  /** What `eval_time` counts from; 0 is 1970. */
  readonly startTimestamp: Milliseconds;
  readonly inputSeries: readonly InputSeries[];
  readonly alertTests: readonly AlertTest[];
  readonly promqlTests: readonly PromqlTest[];
  readonly externalLabels: Labels;
  readonly externalUrl: string;
}

/** A file of `promtool test rules`. */
export interface RuleTestFile {
  readonly file: string;
  /** Paths and patterns as written, relative to the file's folder. */
  readonly ruleFiles: readonly string[];
  readonly evaluationInterval: Milliseconds;
  /** Names of groups: those that come first are evaluated first. */
  readonly groupOrder: readonly string[];
  /** Values may differ in the last bit. */
  readonly fuzzyCompare: boolean;
  readonly tests: readonly TestGroup[];
}
