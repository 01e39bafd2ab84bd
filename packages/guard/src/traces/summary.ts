import type { TraceSummary } from './model.ts';

/** What a summary needs of a span. */
export interface SummarySpan {
  readonly span: string;
  /** Empty at a root. */
  readonly parent: string;
  readonly service: string;
  readonly operation: string;
  readonly start_us: number;
  readonly duration_ns: number;
  readonly error: number;
}

/** The earliest span without a parent; else the earliest whose parent is not stored; else the earliest. */
function rootOf(spans: readonly SummarySpan[]): SummarySpan {
  const ids = new Set(spans.map(span => span.span));
  return spans.find(span => !span.parent) ?? spans.find(span => !ids.has(span.parent)) ?? spans[0]!;
}

/** Sums up a trace from its spans, which are in order of start and at least one. */
export function summarize(traceId: string, spans: readonly SummarySpan[]): TraceSummary {
  const root = rootOf(spans);
  const startMicros = spans[0]!.start_us;
  let endMicros = startMicros;
  for (const span of spans) endMicros = Math.max(endMicros, span.start_us + span.duration_ns / 1000);
  return {
    traceId,
    rootService: root.service,
    rootOperation: root.operation,
    start: startMicros / 1000,
    duration: (endMicros - startMicros) / 1000,
    spanCount: spans.length,
    services: [...new Set(spans.map(span => span.service))].sort(),
    error: spans.some(span => span.error === 1),
  };
}
