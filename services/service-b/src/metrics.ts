import { currentExemplar } from '@slo-guard/telemetry';
import { Counter, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';

// Typed as strings: prom-client's types would let an exemplar carry the metric's own labels only.
const LABELS: string[] = ['endpoint', 'method', 'status'];
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts an answered request; each with the trace as exemplar. */
export interface RequestMetrics {
  observe(succeeded: boolean, seconds: number): void;
}

/** `service_b_requests_total` and `service_b_request_duration_seconds`, at 0 for every label combination. */
export function createRequestMetrics(registry: Registry<OpenMetricsContentType>): RequestMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'service_b_requests_total',
    help: 'Requests answered.',
    labelNames: LABELS,
    enableExemplars: true,
    registers,
  });
  const duration = new Histogram({
    name: 'service_b_request_duration_seconds',
    help: 'Time from the arrival of a request to its answer.',
    labelNames: LABELS,
    buckets: BUCKETS_SECONDS,
    enableExemplars: true,
    registers,
  });
  const labelsFor = (succeeded: boolean) => ({
    endpoint: '/compute',
    method: 'GET',
    status: succeeded ? 'success' : 'error',
  });
  for (const succeeded of [true, false]) {
    requests.inc({ labels: labelsFor(succeeded), value: 0 });
    duration.zero(labelsFor(succeeded));
  }
  return {
    observe(succeeded, seconds) {
      const labels = labelsFor(succeeded);
      const trace = currentExemplar();
      const exemplar = trace === undefined ? {} : { exemplarLabels: { ...trace } };
      requests.inc({ labels, value: 1, ...exemplar });
      duration.observe({ labels, value: seconds, ...exemplar });
    },
  };
}
