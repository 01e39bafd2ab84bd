import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Alertmanager, createAlertmanager } from '../alertmanager/index.ts';
import {
  type Clock,
  createRng,
  type Logger,
  type Milliseconds,
  messageOf,
  type Rng,
  UserError,
} from '../core/index.ts';
import type { Notifier } from '../notifier/index.ts';
import { createMetricsReceiver, type MetricsReceiver } from '../otlp-metrics/index.ts';
import { createEngine } from '../promql/index.ts';
import { createWriteReceiver, type WriteReceiver } from '../remote-write/index.ts';
import { createRuleManager, createRuleQuery, type RuleManager, type RuleQuery } from '../rules/index.ts';
import {
  createDiscoveryMetrics,
  createScrapeManager,
  type PrometheusConfig,
  type ScrapeManager,
} from '../scrape/index.ts';
import { createSpanStore, type SpanStore } from '../traces/index.ts';
import { openStore, type Store } from '../tsdb/index.ts';
import { createAlertRoute } from './alert-route.ts';
import type { GuardFiles } from './guard-files.ts';
import type { GuardOptions, Surface } from './guard-options.ts';
import {
  createPrometheusReloader,
  createRoutingReloader,
  createSloReloader,
  ruleSettings,
} from './guard-reload.ts';
import { createQueryPool, type QueryPool } from './query-pool.ts';
import type { Reloader } from './reloader.ts';
import { routePrefixOf } from './route-prefix.ts';
import { createRuleSet } from './rule-set.ts';
import { sloRuleMaker } from './slo-files.ts';
import type { Teardown } from './teardown.ts';

/** What a guard is given by the process that runs it. */
export interface GuardEnvironment {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Spreads retries of notifications; seeded from the clock by default. */
  readonly rng?: Rng;
  /** Ends the process, for `/-/quit`; without it there is no such path. */
  readonly quit?: () => void;
}

/** Metrics by the part that has them; each surface shows its own, the Prometheus surface all. */
export interface Registries {
  readonly guard: Registry;
  readonly router: Registry;
  readonly traces: Registry;
}

/** The parts of a guard, as they are put together. */
export interface GuardParts {
  readonly options: GuardOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly startedAt: number;
  /** As it was loaded last. */
  readonly config: PrometheusConfig;
  /** Of the Prometheus configuration, rule files included, and of the routing configuration. */
  readonly reloader: Reloader;
  readonly routingReloader: Reloader;
  /** Undefined without a folder of SLO files. */
  readonly sloReloader: Reloader | undefined;
  readonly quit: (() => void) | undefined;
  readonly registries: Registries;
  readonly store: Store;
  readonly spans: SpanStore;
  readonly pool: QueryPool;
  readonly rules: RuleManager;
  readonly scrapes: ScrapeManager;
  readonly alertmanager: Alertmanager;
  readonly metricsReceiver: MetricsReceiver;
  /** Undefined unless it is enabled. */
  readonly writeReceiver: WriteReceiver | undefined;
  /** Where the rules' alerts go. */
  readonly notifier: Notifier;
  /** The path that the metrics surface lies under: '' or `/path`, without a slash at the end. */
  readonly routePrefix: string;
  /** Where people reach the metrics surface, without a slash at the end; '' where nothing is known. */
  readonly externalUrl: string;
  readonly addresses: Partial<Record<Surface, string>>;
}

/** Targets are scraped within a second of the start and then at their interval; rules follow right after. */
const FIRST_EVALUATION_MS = 1_500;
/** Groups of a minute and more read what quicker ones record, so these come first a few times. */
const LONG_INTERVAL_MS = 60_000;
const FIRST_LONG_EVALUATION_MS = 12_000;
const TRACE_RETENTION_MS = 7 * 24 * 3_600_000;

/** Opens the stores and puts the parts together; nothing ticks yet. @throws UserError for a data directory in use */
export async function createParts(
  options: GuardOptions,
  environment: GuardEnvironment,
  { routing, ruleFiles, slos, ...files }: GuardFiles,
  addresses: Partial<Record<Surface, string>>,
  teardown: Teardown,
): Promise<GuardParts> {
  const { clock, logger } = environment;
  const startedAt = clock.now();
  const { lookbackDelta, maxSamples, dataDirectory } = options;
  let { config } = files;
  createDirectory(dataDirectory);
  const registries = { guard: new Registry(), router: new Registry(), traces: new Registry() };
  const registry = registries.guard;
  collectDefaultMetrics({ register: registry });

  const store = openStore({
    directory: join(dataDirectory, 'metrics'),
    clock,
    logger,
    registry,
    retention: options.retention,
    retentionBytes: options.retentionBytes || undefined,
    maxExemplars: config.maxExemplars,
  });
  teardown.add(() => store.close());
  const spans = await createSpanStore({
    file: join(dataDirectory, 'traces.db'),
    clock,
    logger,
    registry: registries.traces,
    retention: TRACE_RETENTION_MS,
  });
  teardown.add(() => spans.close());
  const alertmanager = createAlertmanager({
    config: routing,
    clock,
    logger,
    rng: environment.rng ?? createRng(startedAt),
    registry: registries.router,
    database: join(dataDirectory, 'alertmanager.db'),
    externalUrl: surfaceUrl(addresses.alertmanager),
    silenceLimits: options.silenceLimits,
  });
  teardown.add(() => alertmanager.stop());
  const pool = createQueryPool({
    limits: {
      lookbackDelta,
      timeout: options.queryTimeout,
      maxSamples,
      perStepStats: options.features.perStepStats,
    },
    evaluationInterval: () => config.evaluationInterval,
    clock,
    logger,
    connectReader: port => store.connectReader(port),
    flushReaders: () => store.flushReaders(),
  });
  teardown.add(() => pool.close());

  const externalUrl = options.externalUrl?.replace(/\/+$/, '') ?? surfaceUrl(addresses.prometheus);
  const discoveryMetrics = createDiscoveryMetrics(registry);
  const notifier = createAlertRoute(config, {
    alertmanager,
    alsoRouteEmbedded: options.alsoRouteEmbedded,
    ...options.notificationQueue,
    clock,
    logger,
    registry,
    discoveryMetrics,
  });
  teardown.add(() => notifier.stop());
  const consoleUrl = surfaceUrl(addresses.console) || undefined;
  const slosToRules = sloRuleMaker(options, () => ({
    evaluationInterval: config.evaluationInterval,
    consoleUrl,
  }));
  const ofSlos = slosToRules(slos);
  const rules = createRuleManager({
    ...ruleSettings(config),
    files: [...ruleFiles, ...ofSlos],
    query: ruleQuery(store, { lookbackDelta, maxSamples }, () => config.evaluationInterval),
    queryable: store,
    appendable: store,
    sender: notifier,
    clock,
    logger,
    registry,
    groupOffset: (_group, interval) => (clock.now() + firstEvaluation(interval)) % interval,
    externalUrl,
    resendDelay: options.resendDelay,
    forGracePeriod: options.forGracePeriod,
    forOutageTolerance: options.forOutageTolerance,
  });
  for (const warning of config.warnings) logger.warn({ ...warning }, 'the configuration is odd');
  const scrapes = createScrapeManager({
    config,
    startTimestamps: options.features.createdTimestampZeroIngestion,
    zstd: options.features.zstdScrape,
    appendable: store,
    clock,
    logger,
    registry,
    discoveryMetrics,
  });
  const metricsReceiver = createMetricsReceiver({
    appendable: store,
    clock,
    logger,
    registry,
    settings: () => ({ ...config.otlp, lookbackDelta }),
  });
  const writeReceiver = options.enableRemoteWriteReceiver
    ? createWriteReceiver({ appendable: store, clock, logger, registry })
    : undefined;
  const ruleSet = createRuleSet(rules, { files: ruleFiles, slos: ofSlos, settings: ruleSettings(config) });
  const reloads = { options, clock, logger };
  const reloader = createPrometheusReloader({
    ...reloads,
    registry,
    notifier,
    scrapes,
    rules: ruleSet,
    onLoaded(loaded) {
      config = loaded;
    },
  });
  const sloReloader = createSloReloader({ ...reloads, registry, rules: ruleSet, slosToRules });
  const routingReloader = createRoutingReloader({ ...reloads, registry: registries.router, alertmanager });
  return {
    options,
    clock,
    logger,
    startedAt,
    get config() {
      return config;
    },
    reloader,
    routingReloader,
    sloReloader,
    quit: environment.quit,
    registries,
    store,
    spans,
    pool,
    rules,
    scrapes,
    alertmanager,
    metricsReceiver,
    writeReceiver,
    notifier,
    routePrefix: routePrefixOf(options),
    externalUrl,
    addresses,
  };
}

/** The engine of the rules; another takes its place when a reload changes the step of subqueries that give none. */
function ruleQuery(
  store: Store,
  limits: { lookbackDelta: Milliseconds; maxSamples: number },
  interval: () => Milliseconds,
): RuleQuery {
  const build = () => createRuleQuery(createEngine({ ...limits, noStepSubqueryInterval: interval() }), store);
  let builtFor = interval();
  let query = build();
  return (expr, at) => {
    if (builtFor !== interval()) {
      builtFor = interval();
      query = build();
    }
    return query(expr, at);
  };
}

/** A surface that is not served has no address; links that name it lead nowhere, which is better than elsewhere. */
const surfaceUrl = (address: string | undefined) => (address === undefined ? '' : `http://${address}`);

function createDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new UserError(
      'data-directory-unusable',
      `the data directory ${directory} cannot be created: ${messageOf(error)}`,
      { remedy: 'give a directory that can be written to: --data-dir DIR' },
    );
  }
}

const firstEvaluation = (interval: Milliseconds) =>
  interval < LONG_INTERVAL_MS ? FIRST_EVALUATION_MS : FIRST_LONG_EVALUATION_MS;
