import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';

const PREFIX = 'prometheus_notifications_';

/** Under the names that Prometheus gives them (notifier/metric.go); `alertmanager` is the address that is posted to. */
export function createNotifierMetrics(
  registry: Registry,
  { queueCapacity, discovered }: { queueCapacity: number; discovered: () => number },
) {
  const registers = [registry];
  const common = { labelNames: ['alertmanager'] as const, registers };
  const counter = (name: string, help: string) => new Counter({ name: PREFIX + name, help, ...common });
  new Gauge({
    name: `${PREFIX}queue_capacity`,
    help: 'The capacity of the alert notifications queue.',
    registers,
  }).set(queueCapacity);
  new Gauge({
    name: `${PREFIX}alertmanagers_discovered`,
    help: 'The number of alertmanagers discovered and active.',
    registers,
    collect() {
      this.set(discovered());
    },
  });
  return {
    errors: counter('errors_total', 'Total number of sent alerts affected by errors.'),
    sent: counter('sent_total', 'Total number of alerts sent.'),
    dropped: counter(
      'dropped_total',
      'Total number of alerts dropped due to errors when sending to Alertmanager.',
    ),
    queueLength: new Gauge({
      name: `${PREFIX}queue_length`,
      help: 'The number of alert notifications in the queue.',
      ...common,
    }),
    latency: new Summary({
      name: `${PREFIX}latency_seconds`,
      help: 'Latency quantiles for sending alert notifications.',
      percentiles: [0.5, 0.9, 0.99],
      maxAgeSeconds: 600,
      ageBuckets: 5,
      ...common,
    }),
    latencyHistogram: new Histogram({
      name: `${PREFIX}latency_histogram_seconds`,
      help: 'Latency histogram for sending alert notifications.',
      buckets: [0.01, 0.1, 1, 10],
      ...common,
    }),
  };
}

export type NotifierMetrics = ReturnType<typeof createNotifierMetrics>;

/** An Alertmanager that is sent to has figures from the start. */
export function announceAlertmanager(
  metrics: NotifierMetrics,
  label: { readonly alertmanager: string },
): void {
  for (const counter of [metrics.errors, metrics.sent, metrics.dropped]) counter.inc(label, 0);
  metrics.queueLength.set(label, 0);
}

/** One that is gone has none. */
export function forgetAlertmanager(metrics: NotifierMetrics, label: { readonly alertmanager: string }): void {
  for (const metric of Object.values(metrics)) metric.remove(label);
}
