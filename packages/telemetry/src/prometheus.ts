import { LOSS_REASONS } from './span-ledger.ts';
import { PROBLEM_KINDS, telemetryMetrics } from './start.ts';

type PromClient = Pick<typeof import('prom-client'), 'Counter' | 'Gauge'>;
type Registry =
  | import('prom-client').Registry
  | import('prom-client').Registry<import('prom-client').OpenMetricsContentType>;

/**
 * Exposes the fate of this process's spans: `otel_spans_started_total`, `otel_spans_exported_total`,
 * `otel_spans_lost_total{reason}`, `otel_spans_waiting` and `otel_telemetry_problem{kind}` (1 is a problem).
 * prom-client is passed in, so that this package does not bring a copy of its own.
 */
export function registerTelemetryMetrics({ Counter, Gauge }: PromClient, registry: Registry): void {
  const registers = [registry];
  new Counter({
    name: 'otel_spans_started_total',
    help: 'Spans started and recorded.',
    registers,
    collect() {
      this.reset();
      this.inc(telemetryMetrics().counts.started);
    },
  });
  new Counter({
    name: 'otel_spans_exported_total',
    help: 'Spans that the collector took.',
    registers,
    collect() {
      this.reset();
      this.inc(telemetryMetrics().counts.exported);
    },
  });
  new Counter({
    name: 'otel_spans_lost_total',
    help: 'Spans recorded that never reached the collector.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      const { lost } = telemetryMetrics().counts;
      for (const reason of LOSS_REASONS) this.inc({ reason }, lost[reason]);
    },
  });
  new Gauge({
    name: 'otel_spans_waiting',
    help: 'Spans queued or being sent.',
    registers,
    collect() {
      const { queued, inFlight } = telemetryMetrics().counts;
      this.set(queued + inFlight);
    },
  });
  new Gauge({
    name: 'otel_telemetry_problem',
    help: 'What keeps spans of this process from the collector; 1 is a problem.',
    labelNames: ['kind'],
    registers,
    collect() {
      const kinds = new Set<string>(telemetryMetrics().problems.map(problem => problem.kind));
      for (const kind of PROBLEM_KINDS) this.set({ kind }, kinds.has(kind) ? 1 : 0);
    },
  });
}
