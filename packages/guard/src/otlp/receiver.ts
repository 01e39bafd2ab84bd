import { Counter, type Registry } from 'prom-client';
import { type Logger, type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { decodeTracesJson } from './decode-json.ts';
import { decodeTracesProtobuf } from './decode-protobuf.ts';
import { DEFAULT_OTLP_LIMITS, IngestRefused, type OtlpLimits, TOO_LARGE } from './limits.ts';
import { countSpans, type ResourceSpans } from './model.ts';
import type { OtlpEncoding, PartialSuccess } from './responses.ts';
import { siftSpans } from './sift.ts';

/** Takes spans; resolves once they are safe. Throws IngestRefused when the sender should try again. */
export type Ingest = (resourceSpans: readonly ResourceSpans[]) => Promise<void>;

export type Transport = 'grpc' | 'http';

/** What became of a request. All but `accepted` have refused it whole. */
export type ReceiveOutcome =
  | { readonly type: 'accepted'; readonly partial: PartialSuccess | undefined }
  | { readonly type: 'malformed' | 'too-large'; readonly message: string }
  | {
      readonly type: 'overloaded' | 'unavailable';
      readonly message: string;
      readonly retryAfter: Milliseconds;
    };

/** Takes requests of one signal; the part of receiving that does not depend on the transport. */
export interface OtlpReceiver {
  readonly limits: OtlpLimits;
  receive(body: Uint8Array, encoding: OtlpEncoding, transport: Transport): Promise<ReceiveOutcome>;
}

/** Decodes requests and hands their spans on. */
export interface TraceReceiver extends OtlpReceiver {
  /** Counts and logs a request that was refused before it could be read. */
  refuse(transport: Transport, reason: string): void;
}

export interface TraceReceiverOptions {
  readonly ingest: Ingest;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly limits?: Partial<OtlpLimits>;
}

/** When to try again after a failure that says nothing about it. */
const RETRY_AFTER: Milliseconds = 5000;

const DECODERS = { protobuf: decodeTracesProtobuf, json: decodeTracesJson } as const;

/** Counters as the OpenTelemetry Collector names them, so that its dashboards and alerts hold here too. */
function createMetrics(registry: Registry) {
  const labelNames = ['receiver', 'transport'] as const;
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const metrics = {
    accepted: counter('otelcol_receiver_accepted_spans_total', 'Spans taken and handed on.'),
    refused: counter('otelcol_receiver_refused_spans_total', 'Spans not taken: bad, too large, or no room.'),
    requests: counter(
      'slo_guard_otlp_refused_requests_total',
      'Requests refused before their spans could be counted.',
    ),
  };
  for (const transport of ['grpc', 'http'])
    for (const metric of Object.values(metrics)) metric.inc({ receiver: 'otlp', transport }, 0);
  return metrics;
}

/** One receiver serves both transports, since both count in the same metrics. */
export function createTraceReceiver(options: TraceReceiverOptions): TraceReceiver {
  const { ingest, logger, registry } = options;
  const limits = { ...DEFAULT_OTLP_LIMITS, ...options.limits };
  const metrics = createMetrics(registry);

  function refuse(transport: Transport, reason: string): void {
    metrics.requests.inc({ receiver: 'otlp', transport });
    logger.warn({ transport, reason }, 'OTLP request refused');
  }

  function decode(body: Uint8Array, encoding: OtlpEncoding) {
    try {
      return { resourceSpans: DECODERS[encoding](body, limits) };
    } catch (error) {
      if (error instanceof UserError) return { error };
      throw error;
    }
  }

  async function handOn(resourceSpans: readonly ResourceSpans[]): Promise<IngestRefused | undefined> {
    try {
      await ingest(resourceSpans);
      return undefined;
    } catch (error) {
      if (error instanceof IngestRefused) return error;
      logger.error({ reason: messageOf(error) }, 'spans could not be handed on');
      return new IngestRefused('unavailable', 'spans could not be handed on', RETRY_AFTER);
    }
  }

  return {
    limits,
    refuse,
    async receive(body, encoding, transport) {
      const labels = { receiver: 'otlp', transport };
      const decoded = decode(body, encoding);
      if (decoded.error) {
        const { code, message } = decoded.error.problems[0]!;
        refuse(transport, message);
        return { type: code === TOO_LARGE ? 'too-large' : 'malformed', message };
      }
      const { resourceSpans, accepted, rejected } = siftSpans(decoded.resourceSpans, limits);
      if (rejected) {
        metrics.refused.inc(labels, rejected.rejected);
        logger.warn({ transport, ...rejected }, 'OTLP spans rejected');
      }
      const refused = accepted === 0 ? undefined : await handOn(resourceSpans);
      if (refused) {
        metrics.refused.inc(labels, accepted);
        logger.warn(
          { transport, spans: countSpans(resourceSpans), reason: refused.message },
          'OTLP spans refused',
        );
        return { type: refused.reason, message: refused.message, retryAfter: refused.retryAfter };
      }
      metrics.accepted.inc(labels, accepted);
      return { type: 'accepted', partial: rejected };
    },
  };
}
