import type { Labels, Milliseconds, Position } from '../core/index.ts';

/** Labels and annotations of an alert that fires. */
export interface ShownAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface ShownSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One thing that is not as a test has it. */
export type Failure =
  /** The series, the rules or an expected value could not be read, or a query failed. */
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'rule'; readonly rule: string; readonly after: Milliseconds; readonly message: string }
  | {
      readonly kind: 'alerts';
      readonly alertName: string;
      readonly evalTime: Milliseconds;
      readonly expected: readonly ShownAlert[];
      readonly got: readonly ShownAlert[];
      readonly position: Position;
    }
  | {
      readonly kind: 'samples';
      readonly expr: string;
      readonly evalTime: Milliseconds;
      readonly expected: readonly ShownSample[];
      readonly got: readonly ShownSample[];
      readonly position: Position;
    };

export interface GroupOutcome {
  /** As the file has it; '' where it has none. */
  readonly name: string;
  /** The name, or `unnamed#N`. */
  readonly title: string;
  readonly failures: readonly Failure[];
  /** Wall clock, when the run was told one. */
  readonly duration: Milliseconds;
}

export interface FileOutcome {
  readonly file: string;
  /** Why nothing was run: the file itself or its patterns are at fault. */
  readonly refusal: string | undefined;
  readonly warnings: readonly string[];
  readonly groups: readonly GroupOutcome[];
}

export const isGood = ({ refusal, groups }: FileOutcome): boolean =>
  refusal === undefined && groups.every(({ failures }) => failures.length === 0);
