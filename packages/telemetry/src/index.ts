export {
  type OtlpProtocol,
  readTelemetryConfig,
  type TelemetryConfig,
  TelemetryConfigError,
} from './config.ts';
export type { InstrumentationName } from './instrument.ts';
export type { TelemetryLogger } from './logger.ts';
export { registerTelemetryMetrics } from './prometheus.ts';
export { runWithTelemetry } from './run.ts';
export { LOSS_REASONS, type LossReason, type SpanCounts } from './span-ledger.ts';
export {
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
  type TelemetryProblem,
  telemetryMetrics,
} from './start.ts';
export { currentExemplar, currentTraceFields, type TraceFields } from './trace-fields.ts';
