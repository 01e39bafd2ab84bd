export {
  decodeTracesJson,
  resourceFromJson,
  scopeFromJson,
  spanFromJson,
  tracesFromJson,
} from './decode-json.ts';
export { decodeMetricsJson } from './decode-metrics-json.ts';
export { decodeMetricsProtobuf } from './decode-metrics-protobuf.ts';
export { decodeTracesProtobuf } from './decode-protobuf.ts';
export { resourceToJson, scopeToJson, spanToJson, tracesToJson, valueToJson } from './encode-json.ts';
export {
  DEFAULT_OTLP_LIMITS,
  IngestRefused,
  type OtlpLimits,
  TOO_LARGE,
} from './limits.ts';
export {
  type HistogramPoint,
  hasNoRecordedValue,
  type Metric,
  type MetricData,
  type NumberPoint,
  type OtlpExemplar,
  type ResourceMetrics,
  type ScopeMetrics,
  type SummaryPoint,
  TEMPORALITY_CUMULATIVE,
} from './metrics-model.ts';
export {
  type AnyValue,
  type Attribute,
  type Resource,
  type ResourceSpans,
  type Scope,
  type ScopeSpans,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanKindName,
  type SpanLink,
  type SpanStatus,
  STATUS_ERROR,
  STATUS_OK,
  serviceNameOf,
  spanKindName,
  stringAttribute,
} from './model.ts';
export {
  createTraceReceiver,
  type Ingest,
  type OtlpReceiver,
  type ReceiveOutcome,
  type TraceReceiver,
  type TraceReceiverOptions,
  type Transport,
} from './receiver.ts';
export {
  encodeExportResponse,
  encodeStatus,
  encodeStatusWithRetry,
  type OtlpEncoding,
  type OtlpSignal,
  type PartialSuccess,
  type RpcStatus,
} from './responses.ts';
export { type Sifted, siftSpans } from './sift.ts';
