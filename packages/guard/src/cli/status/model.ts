import type { Milliseconds, Position, Ratio, Seconds } from '../../core/index.ts';

/** What an objective, or one group of it, comes to now. What nobody measured is null, never 0. */
export interface SloStatus {
  readonly service: string;
  readonly slo: string;
  /** The labels of its group; empty for an objective without grouping. */
  readonly group: Readonly<Record<string, string>>;
  readonly state: SloState;
  readonly objective: Ratio | null;
  readonly windowSeconds: Seconds | null;
  /** 1 untouched, 0 spent, below 0 overspent. */
  readonly budgetRemaining: Ratio | null;
  /** How much of the window has data. */
  readonly coverageSeconds: Seconds | null;
  /** Shortest window first. */
  readonly burnRates: readonly WindowBurn[];
  readonly alerts: readonly ActiveAlert[];
  /** Budget remaining at even distances up to now. */
  readonly history: readonly (Ratio | null)[];
  /** Where it is declared, where files were given. */
  readonly source?: Position;
}

/** The worst that holds. `no-data` is never `ok`: nobody knows whether the budget is. */
export type SloState = 'firing' | 'pending' | 'no-data' | 'spent' | 'ok';

export interface WindowBurn {
  /** As Prometheus writes it. */
  readonly window: string;
  readonly rate: number | null;
}

export interface ActiveAlert {
  readonly alertname: string;
  readonly severity: string;
  readonly state: 'pending' | 'firing';
  readonly activeAt: Milliseconds | null;
}
