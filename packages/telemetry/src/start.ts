import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { accountedExporter, accountedProcessor } from './accounted.ts';
import { watchApiCopies } from './api-copies.ts';
import { readTelemetryConfig, type TelemetryConfig } from './config.ts';
import { INSTRUMENTATIONS, type InstrumentationName, instrument } from './instrument.ts';
import { createThrottledWarning, stderrLogger, type TelemetryLogger } from './logger.ts';
import { buildPropagator, buildResource, buildSampler, loadExporter } from './sdk.ts';
import { createSpanLedger, type SpanCounts, type SpanLedger } from './span-ledger.ts';

/** What is wrong with the telemetry of this process. */
export const PROBLEM_KINDS = [
  'not_started',
  'disabled',
  'provider_not_global',
  'context_not_global',
  'second_api_copy',
  'unknown_service',
] as const;
export interface TelemetryProblem {
  readonly kind: (typeof PROBLEM_KINDS)[number];
  readonly message: string;
}

export interface TelemetryOptions {
  /** Used unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES names the service. */
  readonly serviceName?: string;
  readonly logger?: TelemetryLogger;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly instrumentations?: readonly InstrumentationName[];
  /** Instead of OTLP. */
  readonly exporter?: SpanExporter;
  /** Least time between two warnings of one kind; default one minute. */
  readonly warningPeriodMs?: number;
}

export interface Telemetry {
  counts(): SpanCounts;
  /** Looks again, now. Empty when spans of this process can reach the collector. */
  problems(): readonly TelemetryProblem[];
  /** Sends what is queued, for at most `timeoutMs` (default 2000), counts the rest as lost, and never throws. */
  shutdown(timeoutMs?: number): Promise<SpanCounts>;
}

const NO_COUNTS = createSpanLedger();
let current: Telemetry | undefined;

/** Counts and problems of this process, started or not: what was never started is itself a problem. */
export function telemetryMetrics(): { counts: SpanCounts; problems: readonly TelemetryProblem[] } {
  if (current !== undefined) return { counts: current.counts(), problems: current.problems() };
  const message = 'telemetry was not started: every tracer of this process is a no-op';
  return { counts: NO_COUNTS.counts(), problems: [{ kind: 'not_started', message }] };
}

/**
 * Sets up tracing for the process; call it before the application's modules are loaded. A second call gives the
 * first one's handle.
 * @throws {TelemetryConfigError} when a variable cannot be honoured
 */
export async function startTelemetry(options: TelemetryOptions = {}): Promise<Telemetry> {
  if (current !== undefined) return current;
  const logger = options.logger ?? stderrLogger;
  const config = readTelemetryConfig(options.env ?? process.env);
  current = config.disabled ? disabledTelemetry(logger) : await enabledTelemetry(config, options, logger);
  for (const problem of current.problems()) {
    logger.error({ kind: problem.kind }, `telemetry: ${problem.message}`);
  }
  return current;
}

function disabledTelemetry(logger: TelemetryLogger): Telemetry {
  const ledger = createSpanLedger();
  const message = 'OTEL_SDK_DISABLED=true: no span is recorded';
  logger.warn({ kind: 'disabled' }, `telemetry: ${message}`);
  return {
    counts: () => ledger.counts(),
    problems: () => [{ kind: 'disabled', message }],
    shutdown: async () => ledger.counts(),
  };
}

async function enabledTelemetry(
  config: TelemetryConfig,
  options: TelemetryOptions,
  logger: TelemetryLogger,
): Promise<Telemetry> {
  const ledger = createSpanLedger();
  const warn = createThrottledWarning(logger, options.warningPeriodMs ?? 60_000, () => performance.now());
  listenToSdk(ledger, warn);
  const copies = watchApiCopies(import.meta.resolve('@opentelemetry/api'), root =>
    logger.error({ kind: 'second_api_copy', root }, `telemetry: ${SECOND_COPY}`),
  );
  const resource = buildResource(options.serviceName);
  const serviceName = String(resource.attributes[ATTR_SERVICE_NAME] ?? '');
  const processor = await buildProcessor(config, options.exporter, ledger, warn);
  const provider = new TracerProvider({
    resource,
    sampler: buildSampler(config),
    spanProcessors: [processor],
  });
  const contextIsGlobal = context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(buildPropagator(config.propagators));
  trace.setGlobalTracerProvider(provider);
  await instrument(options.instrumentations ?? INSTRUMENTATIONS, provider);

  const check = (): TelemetryProblem[] => {
    const found: TelemetryProblem[] = [];
    if (!isGlobal(provider)) found.push({ kind: 'provider_not_global', message: NOT_GLOBAL });
    if (!contextIsGlobal) found.push({ kind: 'context_not_global', message: CONTEXT_NOT_GLOBAL });
    if (copies.roots().length > 1) found.push({ kind: 'second_api_copy', message: SECOND_COPY });
    if (serviceName.startsWith('unknown_service')) {
      found.push({
        kind: 'unknown_service',
        message: `service.name is ${serviceName}: set OTEL_SERVICE_NAME`,
      });
    }
    return found;
  };
  let stopping: Promise<SpanCounts> | undefined;
  return {
    counts: () => ledger.counts(),
    problems: check,
    shutdown(timeoutMs = 2000) {
      stopping ??= stop(provider, ledger, timeoutMs, logger);
      return stopping;
    },
  };
}

const SECOND_COPY =
  'a second copy of @opentelemetry/api is loaded; spans made through it may be no-ops (see: npm ls @opentelemetry/api)';
const NOT_GLOBAL = 'another tracer provider is registered: spans of this process do not reach this exporter';
const CONTEXT_NOT_GLOBAL = 'another context manager is registered: parents of spans may be lost';

/** The API hands out a proxy; what counts is the provider behind it. */
function isGlobal(provider: TracerProvider): boolean {
  const proxy = trace.getTracerProvider() as { getDelegate?: () => unknown };
  return proxy.getDelegate?.() === provider;
}

type Warn = ReturnType<typeof createThrottledWarning>;

async function buildProcessor(
  config: TelemetryConfig,
  given: SpanExporter | undefined,
  ledger: SpanLedger,
  warn: Warn,
) {
  const { maxQueueSize, maxExportBatchSize, scheduleDelayMs, exportTimeoutMs } = config.batch;
  if (given === undefined && config.exporter === 'none') {
    return {
      onStart: () => ledger.start(),
      onEnd: () => ledger.lose('no_exporter'),
      forceFlush: async () => {},
      shutdown: async () => {},
    };
  }
  const exporter = accountedExporter(given ?? (await loadExporter(config.protocol)), ledger, (error, spans) =>
    warn('export', { err: error?.message, spans }, 'telemetry: spans lost, the collector did not take them'),
  );
  const batch = new BatchSpanProcessor({
    exporter,
    maxQueueSize,
    maxExportBatchSize,
    scheduledDelayMillis: scheduleDelayMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  return accountedProcessor(batch, ledger, maxQueueSize, () =>
    warn('queue', { maxQueueSize }, 'telemetry: spans lost, the queue is full (OTEL_BSP_MAX_QUEUE_SIZE)'),
  );
}

const PARTIAL_SUCCESS = 'Received Partial Success response:';

/** The SDK tells of partial success and of its own troubles through its diagnostics channel alone. */
function listenToSdk(ledger: SpanLedger, warn: Warn): void {
  const tell = (message: string, ...rest: unknown[]) => {
    const details = [message, ...rest].map(String).join(' ');
    const at = details.indexOf(PARTIAL_SUCCESS);
    if (at >= 0) ledger.reject(rejectedSpans(details.slice(at + PARTIAL_SUCCESS.length)));
    warn('sdk', { details: details.slice(0, 500) }, 'telemetry: the SDK reports a problem');
  };
  const quiet = () => {};
  diag.setLogger(
    { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

function rejectedSpans(json: string): number {
  try {
    const { rejectedSpans: spans } = JSON.parse(json) as { rejectedSpans?: number | string };
    return Number(spans) || 0;
  } catch {
    return 0;
  }
}

async function stop(
  provider: TracerProvider,
  ledger: SpanLedger,
  timeoutMs: number,
  logger: TelemetryLogger,
): Promise<SpanCounts> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>(resolve => {
    timer = setTimeout(resolve, timeoutMs);
  });
  // Failed exports are counted where they fail; here they only end the wait.
  await Promise.race([provider.shutdown().catch(() => {}), bound]);
  clearTimeout(timer);
  ledger.close();
  const counts = ledger.counts();
  if (counts.lost.unflushed > 0) {
    logger.warn(
      { spans: counts.lost.unflushed, timeoutMs },
      'telemetry: spans lost, not sent before the end',
    );
  }
  return counts;
}
