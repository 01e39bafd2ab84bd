import type { Registry } from 'prom-client';
import { type Clock, fnv1a64, type Labels, type Logger, type Milliseconds } from '../core/index.ts';
import type { Appendable } from '../promql/index.ts';
import type { PrometheusConfig } from './config/types.ts';
import { createDiscoveries } from './discovery/discoveries.ts';
import { createDiscoveryMetrics, type DiscoveryMetrics } from './discovery/discovery-metrics.ts';
import type { FamilyMetadata } from './metadata-cache.ts';
import { createScrapeMetrics } from './metrics.ts';
import { createScrapeClient, type ScrapeClient, type ScrapeConnection } from './scrape-client.ts';
import type { ScrapeStatus } from './scrape-loop.ts';
import { createScrapePool, type ScrapedTarget, type ScrapePool } from './scrape-pool.ts';
import type { Target } from './target.ts';

/** A target as /api/v1/targets shows it. */
export interface ActiveTarget extends ScrapeStatus {
  /** Before relabelling, as they were found last. */
  readonly discoveredLabels: Labels;
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  /** As the target's labels give them. */
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
  /** What it says of its metric families. */
  readonly metadata: ReadonlyMap<string, FamilyMetadata>;
}

/** A target that relabelling took away. */
export interface DroppedTarget {
  readonly scrapePool: string;
  readonly discoveredLabels: Labels;
}

export interface ScrapeManagerOptions {
  readonly config: PrometheusConfig;
  readonly appendable: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Shared with other discoveries of the process; its own by default. */
  readonly discoveryMetrics?: DiscoveryMetrics;
  /** Whether `_created` lines give the zero that a counter began with (`created-timestamp-zero-ingestion`). */
  readonly startTimestamps?: boolean;
  /** Whether targets may compress their answers with zstd (`zstd-scrape`). */
  readonly zstd?: boolean;
  /** Clients over HTTP by default. */
  readonly connect?: (connection: ScrapeConnection) => ScrapeClient;
  /** How long from now a new target is scraped first, 0 ≤ spread < interval. By default soon, by a hash. */
  readonly spread?: (target: Target) => Milliseconds;
}

export interface ScrapeManager {
  start(): void;
  /** Waits for running scrapes. */
  stop(): Promise<void>;
  /** Targets that stay as they are go on undisturbed; those that are gone become stale. */
  reload(config: PrometheusConfig): void;
  /** By job, and in each by address. */
  targets(): ActiveTarget[];
  /** As many as `keep_dropped_targets` allows. */
  droppedTargets(): DroppedTarget[];
  /** How many targets relabelling dropped, of every job. */
  droppedCounts(): ReadonlyMap<string, number>;
}

/** First scrapes are spread over this, so that dashboards fill at once, and over more where many targets would come together. */
const MIN_SPREAD = 250;
const SPREAD_PER_TARGET = 10;

function hashSpread(target: Target, targets: number): Milliseconds {
  const window = Math.min(target.interval, Math.max(MIN_SPREAD, targets * SPREAD_PER_TARGET));
  return Number.parseInt(fnv1a64(target.key).slice(-8), 16) % window;
}

/** Scrapes the targets of every job, wherever they are found. */
export function createScrapeManager(options: ScrapeManagerOptions): ScrapeManager {
  const { clock, logger, registry, connect = createScrapeClient } = options;
  const pools = new Map<string, ScrapePool>();
  const retiring = new Set<ScrapePool>();
  const metrics = createScrapeMetrics(registry, () => pools.values());
  const { startTimestamps = false, zstd = false } = options;
  let found = 0;
  const spread = options.spread ?? ((target: Target) => hashSpread(target, found));
  const context = { ...options, metrics, connect, spread, startTimestamps, zstd };
  const discoveries = createDiscoveries({
    name: 'scrape',
    clock,
    logger,
    metrics: options.discoveryMetrics ?? createDiscoveryMetrics(registry),
    onChange(jobs) {
      countTargets();
      for (const job of jobs) sync(pools.get(job));
    },
  });

  function countTargets(): void {
    const groups = [...pools.values()].flatMap(pool => discoveries.groups(pool.config));
    found = groups.reduce((sum, { targets }) => sum + targets.length, 0);
  }

  const sync = (pool: ScrapePool | undefined) => pool?.sync(discoveries.groups(pool.config));

  function apply({ scrapeConfigs }: PrometheusConfig): void {
    const wanted = new Set(scrapeConfigs.map(({ jobName }) => jobName));
    for (const [name, pool] of pools) {
      if (wanted.has(name)) continue;
      pools.delete(name);
      retiring.add(pool);
      void pool.retire().finally(() => retiring.delete(pool));
    }
    for (const job of scrapeConfigs) {
      const pool = pools.get(job.jobName);
      if (pool) pool.reload(job);
      else pools.set(job.jobName, createScrapePool(job, context));
    }
    discoveries.apply(scrapeConfigs);
    countTargets();
    for (const pool of pools.values()) sync(pool);
  }

  const byName = () => [...pools.values()].sort((a, b) => (a.config.jobName < b.config.jobName ? -1 : 1));

  return {
    start: () => apply(options.config),
    async stop() {
      await discoveries.stop();
      await Promise.all([...pools.values(), ...retiring].map(pool => pool.stop()));
    },
    reload: apply,
    targets: () =>
      byName().flatMap(pool =>
        pool
          .targets()
          .map(activeTarget)
          .sort((a, b) => (a.scrapeUrl < b.scrapeUrl ? -1 : 1)),
      ),
    droppedTargets: () =>
      byName().flatMap(pool =>
        pool.dropped().map(discoveredLabels => ({ scrapePool: pool.config.jobName, discoveredLabels })),
      ),
    droppedCounts: () => new Map(byName().map(pool => [pool.config.jobName, pool.droppedCount()])),
  };
}

const activeTarget = ({ target, loop }: ScrapedTarget): ActiveTarget => ({
  ...loop.status(),
  discoveredLabels: target.discoveredLabels,
  labels: target.labels,
  scrapePool: target.config.jobName,
  scrapeUrl: target.url,
  scrapeInterval: target.intervalText,
  scrapeTimeout: target.timeoutText,
  metadata: loop.metadata.families,
});
