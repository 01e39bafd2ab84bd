import type { Clock, Logger } from '../../core/index.ts';
import type { DiscoveryMetrics } from './discovery-metrics.ts';
import type { TargetGroup } from './target-group.ts';

/** One source of targets. What it last found holds until it finds something else. */
export interface Discovery {
  groups(): readonly TargetGroup[];
  /** Nothing is told afterwards. */
  stop(): Promise<void>;
}

/** What every source is given. */
export interface DiscoveryContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: DiscoveryMetrics;
  /** The jobs that it serves, for metrics and logs. */
  readonly jobs: () => readonly string[];
  readonly onChange: () => void;
}
