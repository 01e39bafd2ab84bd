import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import {
  type Alertmanager,
  createAlertmanager,
  createEmbeddedSender,
  createFanOutSender,
  createHttpSender,
  createWebhookNotifier,
  loadAlertmanagerConfig,
} from '../alertmanager/index.ts';
import { type Clock, type Logger, startTicker } from '../core/index.ts';
import { createTraceReceiver } from '../otlp/index.ts';
import { createEngine } from '../promql/index.ts';
import {
  type AlertSender,
  createRuleManager,
  createRuleQuery,
  loadRuleFile,
  type RuleManager,
} from '../rules/index.ts';
import {
  createHttpScrapeFetch,
  createScrapeManager,
  loadPrometheusConfig,
  type PrometheusConfig,
  type ScrapeManager,
} from '../scrape/index.ts';
import { createSpanStore, type SpanStore } from '../traces/index.ts';
import { openStore, type Store } from '../tsdb/index.ts';
import { registerAlertmanagerApi } from './alertmanager-api.ts';
import { registerConsoleApi } from './console-api.ts';
import { registerConsolePages } from './console-app.ts';
import { consoleSources } from './console-sources.ts';
import type { GuardOptions, Surface } from './guard-options.ts';
import { createHttpApp } from './http-app.ts';
import { registerJaegerApi } from './jaeger-api.ts';
import { registerLifecycle } from './lifecycle-routes.ts';
import { bindError, listenHttp } from './listen.ts';
import { createOtlpGrpcServer } from './otlp-grpc.ts';
import { createOtlpHttpServer } from './otlp-http.ts';
import { registerPrometheusApi } from './prometheus-api.ts';
import { prometheusViews } from './prometheus-views.ts';
import { createQueryPool, type QueryPool } from './query-pool.ts';
import { readRuleFiles, readTextFile } from './rule-files.ts';

/** A running guard process. */
export interface Guard {
  /** `host:port` of each surface that is served. */
  readonly addresses: Readonly<Partial<Record<Surface, string>>>;
  /** Ends evaluations, notifications and answers in order, and closes the stores. */
  stop(): Promise<void>;
}

export interface GuardEnvironment {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often the stores drop what is too old and shorten their logs. */
const MAINTENANCE_INTERVAL_MS = 120_000;
/** Targets are scraped within a second of the start and then at their interval; rules follow right after. */
const FIRST_EVALUATION_MS = 1_500;
const TRACE_RETENTION_MS = 7 * 24 * 3_600_000;

/** The parts of a guard, as they are put together. */
export interface GuardParts {
  readonly options: GuardOptions;
  readonly clock: Clock;
  readonly startedAt: number;
  readonly config: PrometheusConfig;
  readonly store: Store;
  readonly spans: SpanStore;
  readonly pool: QueryPool;
  readonly rules: RuleManager;
  readonly scrapes: ScrapeManager;
  readonly alertmanager: Alertmanager;
  /** Whether the rules' alerts reach the embedded router. */
  readonly routesEmbedded: boolean;
  readonly addresses: Partial<Record<Surface, string>>;
}

/**
 * Starts a guard: reads and checks every file first, then opens the stores, then serves, then begins to scrape,
 * evaluate and notify.
 *
 * @throws UserError for bad files, ports that cannot be bound, or a data directory in use; nothing is then left running
 */
export async function startGuard(options: GuardOptions, { clock, logger }: GuardEnvironment): Promise<Guard> {
  const startedAt = clock.now();
  const prometheusFile = readTextFile(options.prometheusConfig);
  const alertmanagerFile = readTextFile(options.alertmanagerConfig);
  const config = loadPrometheusConfig(prometheusFile.file, prometheusFile.text);
  const routing = loadAlertmanagerConfig(alertmanagerFile.file, alertmanagerFile.text);
  const ruleFiles = readRuleFiles(config.file, config.ruleFiles).map(({ file, text }) =>
    loadRuleFile(file, text),
  );

  const stops: Array<() => unknown> = [];
  const stop = async () => {
    for (const task of stops.splice(0).reverse()) await task();
  };
  try {
    mkdirSync(options.dataDirectory, { recursive: true });
    const registry = new Registry();
    const routerRegistry = new Registry();
    const traceRegistry = new Registry();
    collectDefaultMetrics({ register: registry });

    const store = openStore({
      directory: join(options.dataDirectory, 'metrics'),
      clock,
      logger,
      registry,
      retention: options.retention,
    });
    stops.push(() => store.close());
    const spans = await createSpanStore({
      file: join(options.dataDirectory, 'traces.db'),
      clock,
      logger,
      registry: traceRegistry,
      retention: TRACE_RETENTION_MS,
    });
    stops.push(() => spans.close());
    const externalUrl = (surface: Surface) =>
      options.externalUrl ?? `http://${addresses[surface] ?? 'localhost'}`;
    const addresses: Partial<Record<Surface, string>> = {};
    const alertmanager = createAlertmanager({
      config: routing,
      clock,
      logger,
      registry: routerRegistry,
      database: join(options.dataDirectory, 'alertmanager.db'),
      createNotifier: webhook => createWebhookNotifier(webhook, { clock }),
      externalUrl: `http://${options.listen}:${options.ports.alertmanager}`,
    });
    stops.push(() => alertmanager.stop());
    const { lookbackDelta, queryTimeout, maxSamples } = options;
    const pool = createQueryPool({
      limits: { lookbackDelta, timeout: queryTimeout, maxSamples },
      logger,
      connectReader: port => store.connectReader(port),
      flushReaders: () => store.flushReaders(),
    });
    stops.push(() => pool.close());

    const engine = createEngine({ lookbackDelta, maxSamples });
    const { sender, routesEmbedded, stopSending } = createSender(
      options,
      config,
      alertmanager,
      { clock, logger },
      registry,
    );
    stops.push(stopSending);
    const rules = createRuleManager({
      files: ruleFiles,
      query: createRuleQuery(engine, store),
      queryable: store,
      appendable: store,
      sender,
      clock,
      logger,
      registry,
      evaluationInterval: config.evaluationInterval,
      queryOffset: config.ruleQueryOffset,
      groupOffset: (_group, interval) => (startedAt + FIRST_EVALUATION_MS) % interval,
      externalLabels: config.externalLabels,
      externalUrl: externalUrl('prometheus'),
      resendDelay: options.resendDelay,
      forGracePeriod: options.forGracePeriod,
      forOutageTolerance: options.forOutageTolerance,
    });
    const http = createHttpScrapeFetch();
    stops.push(() => http.close());
    const scrapes = createScrapeManager({
      config,
      appendable: store,
      clock,
      logger,
      registry,
      fetch: http.fetch,
    });
    const parts: GuardParts = {
      options,
      clock,
      startedAt,
      config,
      store,
      spans,
      pool,
      rules,
      scrapes,
      alertmanager,
      routesEmbedded,
      addresses,
    };
    await serveSurfaces(parts, { logger, registry, routerRegistry, traceRegistry }, stops);

    alertmanager.start();
    rules.start();
    stops.push(() => rules.stop());
    scrapes.start();
    stops.push(() => scrapes.stop());
    const maintenance = startTicker(clock, {
      interval: MAINTENANCE_INTERVAL_MS,
      offset: 0,
      onTick: () => store.maintain(),
      onError: error => logger.error({ error }, 'maintenance of the sample store failed'),
    });
    stops.push(() => maintenance.stop());
    logger.info({ addresses }, 'slo-guard is ready');
    return { addresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Surroundings {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly routerRegistry: Registry;
  readonly traceRegistry: Registry;
}

/** Binds every surface that is wanted; each is pushed to `stops` once it listens. */
async function serveSurfaces(
  parts: GuardParts,
  surroundings: Surroundings,
  stops: Array<() => unknown>,
): Promise<void> {
  const { options, pool, spans, alertmanager, addresses, clock } = parts;
  const { logger, registry, routerRegistry, traceRegistry } = surroundings;
  const { listen: host, version } = options;
  const consoleUrl = () => (addresses.console === undefined ? undefined : `http://${addresses.console}/`);
  const lifecycle = (app: FastifyInstance, name: string, metrics: Registry) =>
    registerLifecycle(app, { name, registry: metrics, isReady: () => true, consoleUrl });
  const newApp = () => createHttpApp({ logger, listen: host, allowedHosts: options.allowedHosts });

  async function serve(surface: Surface, build: () => Promise<FastifyInstance>): Promise<void> {
    const port = options.ports[surface];
    if (port === 'off') return;
    const app = await build();
    stops.push(() => app.close());
    addresses[surface] = `${host}:${await listenHttp(app, surface, host, port)}`;
  }

  await serve('console', async () => {
    const app = newApp();
    registerConsoleApi(app, consoleSources(parts));
    await registerConsolePages(app);
    return app;
  });
  await serve('prometheus', async () => {
    const app = newApp();
    registerPrometheusApi(app, {
      pool,
      views: prometheusViews(parts),
      clock,
      version,
      queryTimeout: options.queryTimeout,
    });
    lifecycle(app, 'Prometheus Server', Registry.merge([registry, routerRegistry, traceRegistry]));
    return app;
  });
  await serve('alertmanager', async () => {
    const app = newApp();
    registerAlertmanagerApi(app, { alertmanager, version });
    lifecycle(app, 'Alertmanager', routerRegistry);
    return app;
  });
  await serve('jaeger', async () => {
    const app = newApp();
    registerJaegerApi(app, { spans });
    lifecycle(app, 'Jaeger', traceRegistry);
    return app;
  });
  const receiver = createTraceReceiver({ ingest: spans.write, logger, registry: traceRegistry });
  await serve('otlp-http', async () => createOtlpHttpServer({ receiver, logger }));
  const grpcPort = options.ports['otlp-grpc'];
  if (grpcPort === 'off') return;
  const grpc = createOtlpGrpcServer({ receiver, logger, clock });
  try {
    addresses['otlp-grpc'] = `${host}:${await grpc.listen(host, grpcPort)}`;
  } catch (error) {
    throw bindError(error, 'otlp-grpc', host, grpcPort);
  }
  stops.push(() => grpc.close());
}

/** To the Alertmanagers that the file lists, or to the embedded router where it lists none (or both, when asked). */
function createSender(
  options: GuardOptions,
  config: PrometheusConfig,
  alertmanager: Alertmanager,
  { clock, logger }: GuardEnvironment,
  registry: Registry,
): { sender: AlertSender; routesEmbedded: boolean; stopSending: () => Promise<void> } {
  const embedded = createEmbeddedSender(alertmanager, logger);
  const urls = config.alertmanagers.flatMap(({ scheme, pathPrefix, staticGroups }) =>
    staticGroups.flatMap(({ targets }) => targets.map(target => `${scheme}://${target}${pathPrefix}`)),
  );
  if (urls.length === 0) return { sender: embedded, routesEmbedded: true, stopSending: async () => {} };
  const http = createHttpSender({ urls, clock, logger, registry });
  const routesEmbedded = options.alsoRouteEmbedded;
  const sender = routesEmbedded ? createFanOutSender([http, embedded]) : http;
  if (!routesEmbedded)
    logger.warn({ urls }, 'alerts go to the listed Alertmanagers; nobody sends to the embedded router');
  return { sender, routesEmbedded, stopSending: () => http.stop() };
}
