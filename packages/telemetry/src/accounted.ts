import { TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { SpanLedger } from './span-ledger.ts';

/** Wraps an exporter so that the ledger sees what it was given and how that ended. */
export function accountedExporter(
  exporter: SpanExporter,
  ledger: SpanLedger,
  onFailure: (error: Error | undefined, spans: number) => void,
): SpanExporter {
  return {
    export(spans, done) {
      ledger.handOver(spans.length);
      exporter.export(spans, result => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        ledger.settle(spans.length, failed);
        if (failed) onFailure(result.error, spans.length);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

/**
 * Wraps a batch processor. The processor drops in silence when its queue is full; the ledger keeps the same count
 * of the queue and turns such spans away before it, so that each is counted.
 */
export function accountedProcessor(
  processor: SpanProcessor,
  ledger: SpanLedger,
  maxQueueSize: number,
  onQueueFull: () => void,
): SpanProcessor {
  return {
    onStart(span, parent) {
      ledger.start();
      processor.onStart(span, parent);
    },
    onEnd(span) {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (ledger.end(maxQueueSize)) processor.onEnd(span);
      else onQueueFull();
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}
