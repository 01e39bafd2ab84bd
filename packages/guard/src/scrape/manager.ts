import type { Registry } from 'prom-client';
import {
  type Clock,
  fnv1a64,
  type Labels,
  type Logger,
  type Milliseconds,
  messageOf,
} from '../core/index.ts';
import type { MetadataEntry } from '../exposition/index.ts';
import type { Appendable } from '../promql/index.ts';
import type { PrometheusConfig } from './config-types.ts';
import type { ScrapeFetch } from './http-fetch.ts';
import { createScrapeMetrics } from './metrics.ts';
import { type ScrapeLoop, type ScrapeStatus, startScrapeLoop } from './scrape-loop.ts';
import { type DroppedTarget, type Target, targetsOf } from './target.ts';

/** A target as /api/v1/targets shows it. */
export interface ActiveTarget extends ScrapeStatus {
  readonly discoveredLabels: Labels;
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  /** The address as seen from elsewhere; the same as `scrapeUrl` for what is not on loopback. */
  readonly globalUrl: string;
  readonly scrapeInterval: Milliseconds;
  readonly scrapeTimeout: Milliseconds;
  readonly metadata: ReadonlyMap<string, MetadataEntry>;
}

export interface ScrapeManagerOptions {
  readonly config: PrometheusConfig;
  readonly appendable: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly fetch: ScrapeFetch;
  /** How long after the start a target is scraped first, 0 ≤ spread < interval. By default under a second, by a hash. */
  readonly spread?: (target: Target) => Milliseconds;
}

export interface ScrapeManager {
  start(): void;
  /** Waits for running scrapes. */
  stop(): Promise<void>;
  /** Targets that stay as they are go on undisturbed; those that are gone become stale. */
  reload(config: PrometheusConfig): void;
  targets(): ActiveTarget[];
  droppedTargets(): readonly DroppedTarget[];
}

/** First scrapes are spread over at most this, so that dashboards fill at once. */
const MAX_SPREAD = 250;

const hashSpread = (target: Target): Milliseconds =>
  Number.parseInt(fnv1a64([target.key]).slice(-8), 16) % Math.min(target.interval, MAX_SPREAD);

/** Scrapes every target of the configuration, each in a loop of its own. */
export function createScrapeManager(options: ScrapeManagerOptions): ScrapeManager {
  const { clock, logger } = options;
  const metrics = createScrapeMetrics(options.registry);
  const spread = options.spread ?? hashSpread;
  const loops = new Map<string, ScrapeLoop>();
  const retiring = new Set<ScrapeLoop>();
  let dropped: readonly DroppedTarget[] = [];
  let { config } = options;

  function startLoop(target: Target): ScrapeLoop {
    const offset = (clock.now() + spread(target)) % target.interval;
    return startScrapeLoop({ ...options, target, offset, metrics });
  }

  function synchronise(): void {
    const found = config.scrapeConfigs.map(targetsOf);
    dropped = found.flatMap(result => result.dropped);
    for (const { error, discoveredLabels } of dropped) {
      if (error) logger.warn({ target: discoveredLabels.toObject(), error }, 'target left out');
    }
    const wanted = new Map(found.flatMap(result => result.targets).map(target => [identity(target), target]));
    for (const [key, loop] of loops) {
      if (wanted.has(key)) continue;
      loops.delete(key);
      retire(loop);
    }
    for (const [key, target] of wanted) if (!loops.has(key)) loops.set(key, startLoop(target));
  }

  function retire(loop: ScrapeLoop): void {
    retiring.add(loop);
    loop
      .retire()
      .catch(error => logger.debug({ error: messageOf(error) }, 'staleness of a removed target not written'))
      .finally(() => retiring.delete(loop));
  }

  return {
    start: synchronise,
    async stop() {
      await Promise.all([...loops.values(), ...retiring].map(loop => loop.stop()));
      loops.clear();
    },
    reload(next) {
      config = next;
      synchronise();
    },
    targets: () => [...loops.values()].map(activeTarget).sort((a, b) => (a.scrapeUrl < b.scrapeUrl ? -1 : 1)),
    droppedTargets: () => dropped,
  };
}

/** Everything that decides what a loop does: the target, and how its job treats samples. */
function identity({ key, config: { staticGroups: _, ...rest } }: Target): string {
  const withoutCompiled = (name: string, value: unknown) => (name === 'compiled' ? undefined : value);
  return `${key}\n${JSON.stringify(rest, withoutCompiled)}`;
}

const activeTarget = (loop: ScrapeLoop): ActiveTarget => ({
  ...loop.status(),
  discoveredLabels: loop.target.discoveredLabels,
  labels: loop.target.labels,
  scrapePool: loop.target.config.jobName,
  scrapeUrl: loop.target.url,
  globalUrl: loop.target.url,
  scrapeInterval: loop.target.interval,
  scrapeTimeout: loop.target.timeout,
  metadata: loop.metadata(),
});
