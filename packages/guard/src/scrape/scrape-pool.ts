import {
  type Clock,
  type Labels,
  type Logger,
  type Milliseconds,
  messageOf,
  UserError,
} from '../core/index.ts';
import type { HttpClientConfig } from '../http-client/index.ts';
import type { Appendable } from '../promql/index.ts';
import { type ClientPool, createClientPool } from './client-pool.ts';
import type { ScrapeConfig } from './config/types.ts';
import type { TargetGroup } from './discovery/target-group.ts';
import type { ScrapeMetrics } from './metrics.ts';
import type { ScrapeClient, ScrapeConnection } from './scrape-client.ts';
import { type ScrapeLoop, type ScrapeLoopOptions, startScrapeLoop } from './scrape-loop.ts';
import { shownLabels } from './shown-labels.ts';
import { type Target, targetsOf } from './target.ts';

/** What the pools of all jobs share. */
export interface ScrapePoolContext {
  readonly appendable: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ScrapeMetrics;
  readonly startTimestamps: boolean;
  /** Whether targets may compress their answers with zstd. */
  readonly zstd: boolean;
  readonly connect: (connection: ScrapeConnection) => ScrapeClient;
  /** How long from now a new target is scraped first, 0 ≤ spread < interval. */
  readonly spread: (target: Target) => Milliseconds;
}

/** A target and the loop that scrapes it. */
export interface ScrapedTarget {
  readonly target: Target;
  readonly loop: ScrapeLoop;
}

/** The targets of one job (scrape/scrape.go scrapePool). */
export interface ScrapePool {
  readonly config: ScrapeConfig;
  /** Scrapes what is in the groups: loops of targets that stay go on, those of others end and go stale. */
  sync(groups: readonly TargetGroup[]): void;
  /** Takes effect with the next `sync`, on every target if the job scrapes otherwise now. */
  reload(config: ScrapeConfig): void;
  /** In the order in which they were found. */
  targets(): ScrapedTarget[];
  /** Labels, before relabelling, of targets that a rule dropped: at most `keep_dropped_targets`. */
  dropped(): readonly Labels[];
  droppedCount(): number;
  /** Ends at once, without staleness markers. */
  stop(): Promise<void>;
  /** Ends for good: its series go stale. Done once that is written, or after `stop`. */
  retire(): Promise<void>;
}

export function createScrapePool(initial: ScrapeConfig, context: ScrapePoolContext): ScrapePool {
  const { clock, logger, metrics, zstd } = context;
  const clientsFor = (http: HttpClientConfig) =>
    createClientPool(unixSocket => context.connect({ config: http, unixSocket, zstd }));
  const job = { scrape_job: initial.jobName };
  const retiring = new Map<ScrapeLoop, Promise<void>>();
  const unused = new Set<ClientPool>();
  let config = initial;
  let fingerprint = fingerprintOf(config);
  let clients = clientsFor(config.http);
  let scraped = new Map<string, ScrapedTarget>();
  let dropped: readonly Labels[] = [];
  let isOverLimit = false;
  metrics.pools.inc();
  metrics.poolTargetLimit.set(job, config.targetLimit);

  const refusal = (): UserError | undefined =>
    isOverLimit
      ? new UserError(
          'target-limit',
          `target_limit exceeded: ${scraped.size} targets, ${config.targetLimit} are allowed`,
        )
      : undefined;

  function start(target: Target): ScrapedTarget {
    const offset = (clock.now() + context.spread(target)) % target.interval;
    const client = clients.clientFor(target.unixSocket);
    const options: ScrapeLoopOptions = { ...context, target, offset, client, refusal };
    return { target, loop: startScrapeLoop(options) };
  }

  function retireLoop({ loop }: ScrapedTarget): void {
    const retired = loop
      .retire()
      .catch(error => logger.debug({ error: messageOf(error) }, 'staleness of a removed target not written'))
      .finally(() => retiring.delete(loop));
    retiring.set(loop, retired);
  }

  /** Scrapes under way end within their timeouts. */
  function replaceClients(http: HttpClientConfig): void {
    const old = clients;
    unused.add(old);
    clock.after(config.scrapeInterval, () => unused.delete(old) && closeQuietly(old));
    clients = clientsFor(http);
  }

  function replace(targets: readonly Target[]): void {
    const next = new Map<string, ScrapedTarget>();
    for (const target of targets) {
      const key = `${target.key}\n${fingerprint}`;
      const known = scraped.get(key);
      // The labels that it was found with may have changed.
      next.set(key, known ? { target, loop: known.loop } : start(target));
    }
    for (const [key, entry] of scraped) if (!next.has(key)) retireLoop(entry);
    scraped = next;
  }

  function checkTargetLimit(): void {
    isOverLimit = config.targetLimit > 0 && scraped.size > config.targetLimit;
    if (isOverLimit) metrics.exceededTargetLimit.inc();
  }

  return {
    get config() {
      return config;
    },
    sync(groups) {
      const started = clock.monotonic();
      const found = targetsOf(config, groups);
      dropped = found.dropped;
      for (const { discoveredLabels, reason } of found.failures)
        logger.error({ target: shownLabels(discoveredLabels), reason }, 'a target cannot be scraped');
      metrics.syncFailed.inc(job, found.failures.length);
      replace(found.targets);
      checkTargetLimit();
      metrics.poolTargets.set(job, scraped.size);
      metrics.poolSyncs.inc(job);
      const seconds = (clock.monotonic() - started) / 1000;
      metrics.syncLength.observe(job, seconds);
      metrics.syncLengthHistogram.observe(job, seconds);
    },
    reload(next) {
      if (JSON.stringify(config, withoutCompiled) === JSON.stringify(next, withoutCompiled)) return;
      metrics.poolReloads.inc();
      metrics.poolTargetLimit.set(job, next.targetLimit);
      if (JSON.stringify(config.http) !== JSON.stringify(next.http)) replaceClients(next.http);
      fingerprint = fingerprintOf(next);
      config = next;
    },
    targets: () => [...scraped.values()],
    dropped: () => (config.keepDroppedTargets > 0 ? dropped.slice(0, config.keepDroppedTargets) : dropped),
    droppedCount: () => dropped.length,
    async stop() {
      const loops = [...scraped.values()].map(({ loop }) => loop);
      await Promise.all([...loops, ...retiring.keys()].map(loop => loop.stop()));
      await Promise.all([clients, ...unused].map(closeQuietly));
    },
    async retire() {
      for (const entry of scraped.values()) retireLoop(entry);
      scraped = new Map();
      await Promise.all(retiring.values());
      await closeQuietly(clients);
      metrics.forgetPool(initial.jobName);
    },
  };
}

const closeQuietly = (clients: ClientPool): Promise<void> => clients.close().catch(() => {});

const withoutCompiled = (name: string, value: unknown) => (name === 'compiled' ? undefined : value);

/** Everything of a job that decides how its targets are scraped and what becomes of their samples. */
function fingerprintOf({ discovery: _, ...rest }: ScrapeConfig): string {
  return JSON.stringify(rest, withoutCompiled);
}
