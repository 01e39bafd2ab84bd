import type { Clock, Logger } from '../../core/index.ts';
import type { DiscoveryConfig } from '../config/types.ts';
import type { Discovery } from './discovery.ts';
import type { DiscoveryMetrics } from './discovery-metrics.ts';
import { startFileDiscovery } from './file-discovery.ts';
import { startHttpDiscovery } from './http-discovery.ts';
import type { TargetGroup } from './target-group.ts';

/** Something with a name whose targets are to be found: a job, or a set of Alertmanagers. */
export interface Discovering {
  readonly jobName: string;
  readonly discovery: readonly DiscoveryConfig[];
}

export interface DiscoveriesOptions {
  /** What they serve, in metrics: `scrape` or `notify`. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: DiscoveryMetrics;
  /** Targets of these jobs may have changed. */
  readonly onChange: (jobs: readonly string[]) => void;
}

/** The sources of all jobs' targets. Jobs with the same source share it. */
export interface Discoveries {
  /** Sources that stay go on; the targets of new ones are told by `onChange`. */
  apply(jobs: readonly Discovering[]): void;
  groups(job: Discovering): readonly TargetGroup[];
  stop(): Promise<void>;
}

interface Source {
  readonly discovery: Discovery;
  jobs: readonly string[];
}

type DynamicConfig = Exclude<DiscoveryConfig, { kind: 'static' }>;
const isDynamic = (config: DiscoveryConfig): config is DynamicConfig => config.kind !== 'static';
const keyOf = (config: DynamicConfig) => JSON.stringify(config);

export function createDiscoveries({
  name,
  clock,
  logger,
  metrics,
  onChange,
}: DiscoveriesOptions): Discoveries {
  const sources = new Map<string, Source>();
  const stopping = new Set<Promise<void>>();

  function start(config: DynamicConfig): Source {
    const jobs = () => source.jobs;
    const told = () => {
      metrics.receivedUpdates.inc({ name });
      onChange(source.jobs);
    };
    const context = { clock, logger, metrics, jobs, onChange: told };
    const discovery =
      config.kind === 'file' ? startFileDiscovery(config, context) : startHttpDiscovery(config, context);
    const source: Source = { discovery, jobs: [] };
    return source;
  }

  function stopSource({ discovery }: Source): void {
    const stopped = discovery.stop().finally(() => stopping.delete(stopped));
    stopping.add(stopped);
  }

  function groupsOf(config: DiscoveryConfig): readonly TargetGroup[] {
    return isDynamic(config) ? (sources.get(keyOf(config))?.discovery.groups() ?? []) : config.groups;
  }

  return {
    apply(jobs) {
      const wanted = new Map<string, { config: DynamicConfig; jobs: string[] }>();
      for (const { jobName, discovery } of jobs) {
        for (const config of discovery.filter(isDynamic)) {
          const entry = wanted.get(keyOf(config)) ?? { config, jobs: [] };
          wanted.set(keyOf(config), { config, jobs: [...entry.jobs, jobName] });
        }
      }
      for (const [key, source] of sources) {
        if (wanted.has(key)) continue;
        sources.delete(key);
        stopSource(source);
      }
      for (const [key, { config, jobs: names }] of wanted) {
        const source = sources.get(key) ?? start(config);
        source.jobs = names;
        sources.set(key, source);
      }
    },
    groups(job) {
      const groups = job.discovery.flatMap(groupsOf);
      const labels = { name, config: job.jobName };
      metrics.discoveredTargets.set(
        labels,
        groups.reduce((sum, { targets }) => sum + targets.length, 0),
      );
      metrics.lastUpdate.set(labels, clock.now() / 1000);
      return groups;
    },
    async stop() {
      for (const source of sources.values()) stopSource(source);
      sources.clear();
      await Promise.all(stopping);
    },
  };
}
