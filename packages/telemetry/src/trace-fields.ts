import { context, isSpanContextValid, TraceFlags, trace } from '@opentelemetry/api';

/** The current trace for a log line or an exemplar. */
export interface TraceFields {
  readonly trace_id: string;
  readonly span_id: string;
}

/** Undefined outside a span. */
export function currentTraceFields(): TraceFields | undefined {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return { trace_id: span.traceId, span_id: span.spanId };
}

/** As above, but only where the trace is sampled: an exemplar must lead to a trace that exists. */
export function currentExemplar(): TraceFields | undefined {
  const span = trace.getSpanContext(context.active());
  return span !== undefined && span.traceFlags & TraceFlags.SAMPLED ? currentTraceFields() : undefined;
}
