import type { Registry } from 'prom-client';
import { type Clock, type Logger, type Milliseconds, UserError } from '../core/index.ts';
import {
  DEFAULT_OTLP_LIMITS,
  decodeMetricsJson,
  decodeMetricsProtobuf,
  type OtlpEncoding,
  type OtlpLimits,
  type OtlpReceiver,
  type PartialSuccess,
  type ReceiveOutcome,
  type ResourceMetrics,
  TOO_LARGE,
  type Transport,
} from '../otlp/index.ts';
import type { Appendable } from '../promql/storage.ts';
import { createOtlpMetrics, type OtlpMetrics } from './metrics.ts';
import { TranslationReport } from './report.ts';
import { createSampleSink, type SampleSink } from './sample-sink.ts';
import type { TranslationSettings } from './settings.ts';
import { countPoints, translateMetrics } from './translate.ts';
import { createTurns } from './turns.ts';

export interface MetricsReceiverOptions {
  readonly appendable: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** As the configuration has them now. */
  readonly settings: () => TranslationSettings;
  readonly limits?: Partial<OtlpLimits>;
}

/** What became of a request that is stored whole or not at all. */
export type WholeOutcome =
  /** `partial` tells of points that cannot be stored here whatever they hold. */
  | { readonly type: 'stored'; readonly partial: PartialSuccess | undefined }
  | { readonly type: 'malformed'; readonly message: string }
  /** The store did not take a sample; nothing is stored. */
  | { readonly type: 'samples-refused'; readonly message: string }
  /** A metric cannot be translated, or the disk refuses; nothing is stored. */
  | { readonly type: 'failed'; readonly message: string };

/** Receives metrics. */
export interface MetricsReceiver extends OtlpReceiver {
  /** As the OTLP endpoint of Prometheus has it: one bad metric, and nothing of the request is stored. */
  receiveWhole(body: Uint8Array, encoding: OtlpEncoding): Promise<WholeOutcome>;
}

/** Points have a few attributes each. */
const MAX_ITEMS = 1_000_000;
/** When to try again after the disk refused. */
const RETRY_AFTER: Milliseconds = 5000;

/** Samples of one commit: some milliseconds, even if each is of a new series. */
const PART_SAMPLES = 8192;

const DECODERS = { protobuf: decodeMetricsProtobuf, json: decodeMetricsJson } as const;

/** A receiver that translates metrics into samples as Prometheus 3.16 does. */
export function createMetricsReceiver(options: MetricsReceiverOptions): MetricsReceiver {
  const { appendable, clock, logger, settings } = options;
  const limits = { ...DEFAULT_OTLP_LIMITS, maxItemsPerRequest: MAX_ITEMS, ...options.limits };
  const metrics = createOtlpMetrics(options.registry);
  const turns = createTurns();

  /** Translates into transactions of which the last is neither committed nor rolled back. */
  async function translate(groups: readonly ResourceMetrics[], isInParts: boolean) {
    const sink = createSampleSink(appendable, clock);
    const report = new TranslationReport();
    await turns.finish(translateMetrics(groups, settings(), sink, report), () => {
      if (isInParts && sink.pending >= PART_SAMPLES) sink.commit();
    });
    return { sink, report };
  }

  function failureOf(error: unknown): string {
    if (!(error instanceof UserError)) throw error;
    const { message } = error.problems[0]!;
    logger.error({ reason: message }, 'OTLP metrics could not be stored');
    return message;
  }

  const partialOf = (report: TranslationReport): PartialSuccess | undefined => {
    const rejected = report.rejected + report.unsupported;
    const errorMessage = report.firstReason();
    return rejected > 0 || errorMessage !== '' ? { rejected, errorMessage } : undefined;
  };

  function account(report: TranslationReport, sink: SampleSink, transport: Transport): void {
    metrics.onTranslated(report, sink.exemplarsOutOfOrder, transport);
    if (report.warnings.size > 0)
      logger.warn(Object.fromEntries(report.warnings), 'OTLP metrics are stored with warnings');
  }

  /** In parts, since nothing needs to be taken back. */
  async function storePartly(
    groups: readonly ResourceMetrics[],
    transport: Transport,
  ): Promise<ReceiveOutcome> {
    try {
      const { sink, report } = await translate(groups, true);
      sink.commit();
      account(report, sink, transport);
      const partial = partialOf(report);
      if (partial) logger.warn({ transport, ...partial }, 'OTLP data points rejected');
      return { type: 'accepted', partial };
    } catch (error) {
      metrics.onRefusedPoints(countPoints(groups), transport);
      return { type: 'unavailable', message: failureOf(error), retryAfter: RETRY_AFTER };
    }
  }

  async function storeWhole(groups: readonly ResourceMetrics[]): Promise<WholeOutcome> {
    const { sink, report } = await translate(groups, false);
    if (report.hasProblem) {
      sink.rollback();
      metrics.onRefusedPoints(countPoints(groups), 'http');
      logger.warn({ reason: report.firstReason() }, 'OTLP metrics refused');
      return { type: report.hasRefusedSample ? 'samples-refused' : 'failed', message: report.problems() };
    }
    try {
      sink.commit();
    } catch (error) {
      metrics.onRefusedPoints(countPoints(groups), 'http');
      return { type: 'failed', message: failureOf(error) };
    }
    account(report, sink, 'http');
    return { type: 'stored', partial: partialOf(report) };
  }

  return {
    limits,
    async receive(body, encoding, transport) {
      const decoded = decode(body, encoding, limits, metrics, logger, transport);
      if ('groups' in decoded) return turns.take(() => storePartly(decoded.groups, transport));
      return { type: decoded.isTooLarge ? 'too-large' : 'malformed', message: decoded.message };
    },
    async receiveWhole(body, encoding) {
      const decoded = decode(body, encoding, limits, metrics, logger, 'http');
      if ('groups' in decoded) return turns.take(() => storeWhole(decoded.groups));
      return { type: 'malformed', message: decoded.message };
    },
  };
}

function decode(
  body: Uint8Array,
  encoding: OtlpEncoding,
  limits: OtlpLimits,
  metrics: OtlpMetrics,
  logger: Logger,
  transport: Transport,
): { groups: readonly ResourceMetrics[] } | { message: string; isTooLarge: boolean } {
  try {
    return { groups: DECODERS[encoding](body, limits) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message } = error.problems[0]!;
    metrics.onRefusedRequest(transport);
    logger.warn({ transport, reason: message }, 'OTLP metrics refused');
    return { message, isTooLarge: code === TOO_LARGE };
  }
}
