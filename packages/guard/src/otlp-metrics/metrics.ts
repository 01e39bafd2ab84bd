import { Counter, type Registry } from 'prom-client';
import type { Transport } from '../otlp/index.ts';
import type { TranslationReport } from './report.ts';
import { WARNINGS } from './warnings.ts';

export interface OtlpMetrics {
  onTranslated(report: TranslationReport, exemplarsOutOfOrder: number, transport: Transport): void;
  /** Points of a request of which nothing is stored. */
  onRefusedPoints(points: number, transport: Transport): void;
  /** A request that could not be read. */
  onRefusedRequest(transport: Transport): void;
}

/** Counters as the OpenTelemetry Collector and Prometheus name them, so that their dashboards hold here too. */
export function createOtlpMetrics(registry: Registry): OtlpMetrics {
  const registers = [registry];
  const labelNames = ['receiver', 'transport'] as const;
  const byTransport = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const accepted = byTransport('otelcol_receiver_accepted_metric_points_total', 'Data points stored.');
  const refused = byTransport(
    'otelcol_receiver_refused_metric_points_total',
    'Data points not stored: bad, of a kind that is not supported, or refused by the store.',
  );
  const requests = byTransport(
    'slo_guard_otlp_metrics_refused_requests_total',
    'Requests refused before their data points could be counted.',
  );
  for (const transport of ['grpc', 'http'])
    for (const counter of [accepted, refused, requests]) counter.inc({ receiver: 'otlp', transport }, 0);
  const warnings = new Counter({
    name: 'prometheus_api_otlp_translation_warnings_total',
    help: 'What was odd in metrics that were stored, by category.',
    labelNames: ['category'],
    registers,
  });
  for (const category of WARNINGS) warnings.inc({ category }, 0);
  const exemplars = new Counter({
    name: 'prometheus_api_otlp_out_of_order_exemplars_total',
    help: 'Exemplars that were not taken because they were out of order.',
    registers,
  });

  return {
    onTranslated(report, exemplarsOutOfOrder, transport) {
      const labels = { receiver: 'otlp', transport };
      accepted.inc(labels, report.accepted);
      refused.inc(labels, report.rejected + report.unsupported);
      exemplars.inc(exemplarsOutOfOrder);
      for (const [category, count] of report.warnings) warnings.inc({ category }, count);
    },
    onRefusedPoints: (points, transport) => refused.inc({ receiver: 'otlp', transport }, points),
    onRefusedRequest: transport => requests.inc({ receiver: 'otlp', transport }),
  };
}
