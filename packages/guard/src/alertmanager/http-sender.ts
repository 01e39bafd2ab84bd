import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { fetch as undiciFetch } from 'undici';
import { type Clock, type Logger, type Milliseconds, messageOf, toSeconds } from '../core/index.ts';
import type { AlertSender, OutgoingAlert } from '../rules/alert-sender.ts';
import { redact, splitUserinfo } from './redact.ts';

/** Prometheus's `--alertmanager.notification-queue-capacity` and batch size. */
const QUEUE_CAPACITY = 10_000;
const BATCH_SIZE = 256;
const DEFAULT_TIMEOUT: Milliseconds = 10_000;

interface PostedAlert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
}

type Fetch = (
  url: string,
  init: { method: 'POST'; headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;

export interface HttpSenderOptions {
  /** Base addresses of Alertmanagers, any path prefix included; each has a queue of its own. */
  readonly urls: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly fetch?: Fetch;
  /** Of one request; 10 s by default. */
  readonly timeout?: Milliseconds;
}

export interface HttpSender extends AlertSender {
  /** Drops what is queued, ends requests under way. */
  stop(): Promise<void>;
  /** Resolves once every queue is empty and nothing is under way. */
  idle(): Promise<void>;
}

/**
 * Posts alerts to real Alertmanagers' `/api/v2/alerts` as Prometheus's notifier does: batches of 256, a queue of
 * 10,000 each from which the oldest are dropped, and a batch that is not taken is dropped and counted, because the
 * rules send every alert again within the resend delay.
 */
export function createHttpSender(options: HttpSenderOptions): HttpSender {
  const metrics = createMetrics(options.registry, options.urls.length);
  const loops = options.urls.map(url => createSendLoop(url, options, metrics));
  return {
    send(alerts) {
      const posted = alerts.map(postedAlert);
      for (const loop of loops) loop.add(posted);
    },
    async stop() {
      await Promise.all(loops.map(loop => loop.stop()));
    },
    async idle() {
      await Promise.all(loops.map(loop => loop.idle()));
    },
  };
}

function createSendLoop(address: string, options: HttpSenderOptions, metrics: SenderMetrics) {
  const { clock, logger, fetch = undiciFetch, timeout = DEFAULT_TIMEOUT } = options;
  const { url, authorization } = splitUserinfo(`${address.replace(/\/+$/, '')}/api/v2/alerts`);
  const labels = { alertmanager: url };
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'slo-guard',
    ...(authorization && { authorization }),
  };
  const stopping = new AbortController();
  let queue: PostedAlert[] = [];
  let sending: Promise<void> | undefined;
  for (const counter of [metrics.errors, metrics.sent, metrics.dropped]) counter.inc(labels, 0);
  metrics.queueLength.set(labels, 0);

  function add(alerts: readonly PostedAlert[]): void {
    if (stopping.signal.aborted || alerts.length === 0) return;
    const all = [...queue, ...alerts];
    const excess = Math.max(0, all.length - QUEUE_CAPACITY);
    queue = all.slice(excess);
    metrics.queueLength.set(labels, queue.length);
    if (excess > 0) {
      metrics.dropped.inc(labels, excess);
      logger.warn({ alertmanager: url, dropped: excess }, 'alert queue is full: the oldest were dropped');
    }
    sending ??= drain().finally(() => {
      sending = undefined;
    });
  }

  async function drain(): Promise<void> {
    while (queue.length > 0 && !stopping.signal.aborted) {
      const batch = queue.slice(0, BATCH_SIZE);
      queue = queue.slice(BATCH_SIZE);
      metrics.queueLength.set(labels, queue.length);
      await sendBatch(batch);
    }
  }

  async function sendBatch(batch: readonly PostedAlert[]): Promise<void> {
    const startedAt = clock.monotonic();
    try {
      await post(JSON.stringify(batch));
      metrics.latency.observe(labels, toSeconds(clock.monotonic() - startedAt));
      metrics.sent.inc(labels, batch.length);
    } catch (error) {
      metrics.errors.inc(labels, batch.length);
      metrics.dropped.inc(labels, batch.length);
      const reason = redact(reasonOf(error), [address, ...(authorization?.split(' ') ?? [])]);
      logger.error({ alertmanager: url, alerts: batch.length, reason }, 'alerts could not be sent');
    }
  }

  async function post(body: string): Promise<void> {
    const limit = new AbortController();
    const timer = clock.after(timeout, () => limit.abort(new Error('no answer in time')));
    try {
      const signal = AbortSignal.any([limit.signal, stopping.signal]);
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      // The answer is read to its end so that the connection can be used again.
      const text = await response.text();
      if (!response.ok) throw new Error(`bad response status ${response.status}: ${text.slice(0, 500)}`);
    } finally {
      timer.cancel();
    }
  }

  return {
    add,
    async idle() {
      while (sending) await sending;
    },
    async stop() {
      stopping.abort(new Error('stopping'));
      await sending;
      if (queue.length > 0) {
        metrics.dropped.inc(labels, queue.length);
        logger.warn({ alertmanager: url, dropped: queue.length }, 'stopped with alerts in the queue');
      }
      queue = [];
      metrics.queueLength.set(labels, 0);
    },
  };
}

/** fetch says only "fetch failed" and hides the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return messageOf(cause) || messageOf(error);
}

const postedAlert = (alert: OutgoingAlert): PostedAlert => ({
  labels: alert.labels.toObject(),
  annotations: alert.annotations.toObject(),
  startsAt: new Date(alert.startsAt).toISOString(),
  endsAt: new Date(alert.endsAt).toISOString(),
  generatorURL: alert.generatorUrl,
});

type SenderMetrics = ReturnType<typeof createMetrics>;

/** Under the names of Prometheus's notifier. */
function createMetrics(registry: Registry, alertmanagers: number) {
  const prefix = 'prometheus_notifications_';
  const common = { labelNames: ['alertmanager'], registers: [registry] };
  const counter = (name: string, help: string) => new Counter({ name: prefix + name, help, ...common });
  const capacity = new Gauge({
    name: `${prefix}queue_capacity`,
    help: 'The capacity of the alert notifications queue.',
    registers: [registry],
  });
  capacity.set(QUEUE_CAPACITY);
  const discovered = new Gauge({
    name: `${prefix}alertmanagers_discovered`,
    help: 'The number of alertmanagers discovered and active.',
    registers: [registry],
  });
  discovered.set(alertmanagers);
  return {
    errors: counter('errors_total', 'Total number of sent alerts affected by errors.'),
    sent: counter('sent_total', 'Total number of alerts sent.'),
    dropped: counter(
      'dropped_total',
      'Total number of alerts dropped due to errors when sending to Alertmanager.',
    ),
    queueLength: new Gauge({
      name: `${prefix}queue_length`,
      help: 'The number of alert notifications in the queue.',
      ...common,
    }),
    latency: new Histogram({
      name: `${prefix}latency_histogram_seconds`,
      help: 'Latency histogram for sending alert notifications.',
      buckets: [0.01, 0.1, 1, 10],
      ...common,
    }),
  };
}
