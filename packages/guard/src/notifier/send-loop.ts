import { type Clock, type Logger, type Milliseconds, messageOf, toSeconds } from '../core/index.ts';
import { type HttpClient, isSuccess } from '../http-client/index.ts';
import { announceAlertmanager, forgetAlertmanager, type NotifierMetrics } from './metrics.ts';
import type { PostedAlert } from './posted-alert.ts';

/** How alerts are queued and sent. */
export interface QueueOptions {
  /** Alerts that wait for one Alertmanager at most: `--alertmanager.notification-queue-capacity`. */
  readonly queueCapacity: number;
  /** Of one request at most: `--alertmanager.notification-batch-size`. */
  readonly batchSize: number;
  /** Whether what waits is sent when the loop ends: `--alertmanager.drain-notification-queue-on-shutdown`. */
  readonly drainsOnStop: boolean;
}

export interface SendLoopOptions extends QueueOptions {
  readonly url: string;
  readonly client: Pick<HttpClient, 'post'>;
  /** Of one request. */
  readonly timeout: Milliseconds;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: NotifierMetrics;
}

/** Sends to one Alertmanager, a batch after the other. */
export interface SendLoop {
  /** Takes alerts without waiting; of more than there is room for the oldest are dropped. */
  add(alerts: readonly PostedAlert[]): void;
  /** Takes no more, ends the batch under way, and sends or drops what waits. */
  stop(): Promise<void>;
}

/** Characters of an Alertmanager's answer that the log shows, and bytes of it that are read. */
const SHOWN_ANSWER = 500;
const READ_ANSWER = 65_536;

/**
 * As Prometheus's send loop (notifier/sendloop.go): a batch that is not taken is dropped and counted, because the rules
 * send every alert again within the resend delay.
 */
export function createSendLoop(options: SendLoopOptions): SendLoop {
  const { url, queueCapacity, batchSize, clock, logger, metrics } = options;
  const label = { alertmanager: url };
  let queue: PostedAlert[] = [];
  let sending: Promise<void> | undefined;
  let isStopped = false;
  announceAlertmanager(metrics, label);

  function add(alerts: readonly PostedAlert[]): void {
    if (isStopped || alerts.length === 0) return;
    const all = [...queue, ...alerts];
    const excess = Math.max(0, all.length - queueCapacity);
    queue = all.slice(excess);
    metrics.queueLength.set(label, queue.length);
    if (excess > 0) drop(excess, 'the queue of alerts is full: the oldest were dropped');
    sending ??= sendQueued().finally(() => {
      sending = undefined;
    });
  }

  function drop(count: number, message: string): void {
    metrics.dropped.inc(label, count);
    logger.warn({ ...label, dropped: count }, message);
  }

  async function sendQueued(): Promise<void> {
    while (queue.length > 0 && !isStopped) await sendBatch();
  }

  /** Whether the batch was taken. */
  async function sendBatch(): Promise<boolean> {
    const batch = queue.slice(0, batchSize);
    queue = queue.slice(batchSize);
    metrics.queueLength.set(label, queue.length);
    const startedAt = clock.monotonic();
    try {
      await post(options, JSON.stringify(batch));
    } catch (error) {
      metrics.errors.inc(label, batch.length);
      metrics.dropped.inc(label, batch.length);
      const reason = messageOf(error);
      logger.error({ ...label, alerts: batch.length, reason }, 'alerts could not be sent');
      return false;
    }
    const seconds = toSeconds(clock.monotonic() - startedAt);
    metrics.latency.observe(label, seconds);
    metrics.latencyHistogram.observe(label, seconds);
    metrics.sent.inc(label, batch.length);
    return true;
  }

  /** Up to the first batch that is not taken: an Alertmanager that hangs must not hold up the end of the process. */
  async function drain(): Promise<void> {
    while (queue.length > 0 && (await sendBatch()));
  }

  return {
    add,
    async stop() {
      isStopped = true;
      await sending;
      if (options.drainsOnStop) await drain();
      if (queue.length > 0) drop(queue.length, 'stopped with alerts in the queue');
      queue = [];
      forgetAlertmanager(metrics, label);
    },
  };
}

async function post({ url, client, timeout, clock }: SendLoopOptions, body: string): Promise<void> {
  const limit = new AbortController();
  const timer = clock.after(timeout, () => limit.abort(new Error('no answer in time')));
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'slo-guard' };
    const answer = await client.post({ url, headers, body, signal: limit.signal });
    if (isSuccess(answer)) {
      // The answer is read to its end so that the connection can be used again.
      await answer.body.dump();
      return;
    }
    throw new Error(
      `bad response status ${answer.statusLine}: ${answer.redact(await beginningOf(answer.body)).slice(0, SHOWN_ANSWER)}`,
    );
  } finally {
    timer.cancel();
  }
}

async function beginningOf(body: AsyncIterable<Buffer> & { dump(): Promise<void> }): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString();
    if (text.length >= READ_ANSWER) break;
  }
  return text;
}
