import { Counter, Gauge, type Registry } from 'prom-client';

/** What the span store tells of itself. */
export interface SpanStoreMetrics {
  readonly stored: Counter;
  readonly duplicates: Counter;
  readonly refused: Counter<'reason'>;
  readonly writeFailures: Counter;
  readonly removed: Counter<'reason'>;
  readonly restarts: Counter;
  readonly queued: Gauge;
  readonly spans: Gauge;
}

export function createSpanStoreMetrics(registry: Registry): SpanStoreMetrics {
  const registers = [registry];
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name: `slo_guard_span_store_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `slo_guard_span_store_${name}`, help, registers });
  const metrics: SpanStoreMetrics = {
    stored: counter('stored_spans_total', 'Spans committed to disk.'),
    duplicates: counter(
      'duplicate_spans_total',
      'Spans that were stored already and were left as they were.',
    ),
    refused: counter('refused_spans_total', 'Spans not taken, to be sent again, by reason.', ['reason']),
    writeFailures: counter('write_failures_total', 'Writes that failed on disk or with the worker.'),
    removed: counter('removed_spans_total', 'Spans removed by retention, by reason.', ['reason']),
    restarts: counter('worker_restarts_total', 'Times that a lost worker was replaced.'),
    queued: gauge('queued_spans', 'Spans waiting to be committed.'),
    spans: gauge('spans', 'Spans stored.'),
  };
  for (const reason of ['overloaded', 'unavailable']) metrics.refused.inc({ reason }, 0);
  for (const reason of ['age', 'count']) metrics.removed.inc({ reason }, 0);
  return metrics;
}
