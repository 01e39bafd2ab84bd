import { currentExemplar } from '@slo-guard/telemetry';
import { Counter, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';

// Typed as strings: prom-client's types would let an exemplar carry the metric's own labels only.
const LABELS: string[] = ['endpoint', 'method', 'status'];
const CALL_LABELS: string[] = ['dependency', 'endpoint', 'status'];
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How a call to the backend ended. */
export const CALL_OUTCOMES = ['success', 'error', 'timeout'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Counts answered requests and calls to the backend; each with the trace as exemplar. */
export interface GatewayMetrics {
  request(succeeded: boolean, seconds: number): void;
  call(outcome: CallOutcome): void;
}

const exemplar = () => {
  const trace = currentExemplar();
  return trace === undefined ? {} : { exemplarLabels: { ...trace } };
};

/**
 * `service_a_requests_total`, `service_a_request_duration_seconds` and `service_a_dependency_calls_total`, at 0 for
 * every label combination.
 */
export function createGatewayMetrics(registry: Registry<OpenMetricsContentType>): GatewayMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'service_a_requests_total',
    help: 'Requests answered.',
    labelNames: LABELS,
    enableExemplars: true,
    registers,
  });
  const duration = new Histogram({
    name: 'service_a_request_duration_seconds',
    help: 'Time from the arrival of a request to its answer.',
    labelNames: LABELS,
    buckets: BUCKETS_SECONDS,
    enableExemplars: true,
    registers,
  });
  const calls = new Counter({
    name: 'service_a_dependency_calls_total',
    help: 'Calls to the services that this one depends on.',
    labelNames: CALL_LABELS,
    enableExemplars: true,
    registers,
  });
  const callLabels = (status: CallOutcome) => ({ dependency: 'service_b', endpoint: '/compute', status });
  const labelsFor = (succeeded: boolean) => ({
    endpoint: '/work',
    method: 'GET',
    status: succeeded ? 'success' : 'error',
  });
  for (const succeeded of [true, false]) {
    requests.inc({ labels: labelsFor(succeeded), value: 0 });
    duration.zero(labelsFor(succeeded));
  }
  for (const outcome of CALL_OUTCOMES) calls.inc({ labels: callLabels(outcome), value: 0 });
  return {
    request(succeeded, seconds) {
      const labels = labelsFor(succeeded);
      requests.inc({ labels, value: 1, ...exemplar() });
      duration.observe({ labels, value: seconds, ...exemplar() });
    },
    call: outcome => calls.inc({ labels: callLabels(outcome), value: 1, ...exemplar() }),
  };
}
