import type { Clock, Logger, Milliseconds, Rng } from '../core/index.ts';
import type { Flush } from './aggregation-group.ts';
import { type Alert, resolvedAt } from './alert.ts';
import type { WebhookConfig } from './config.ts';
import { dedupe, type NotifyReason } from './dedupe.ts';
import type { History, HistoryEntry } from './history.ts';
import type { Inhibitor } from './inhibitor.ts';
import { INTEGRATION, type Metrics, type SuppressedBy } from './metrics.ts';
import { expiryOf, type LogEntry, type LogKey, type NotificationLog } from './notification-log.ts';
import type { NotificationRecord } from './notification-record.ts';
import type { Notifier } from './notifier.ts';
import { createPayload, type WebhookPayload } from './payload.ts';
import { notifyWithRetry, type RetryOutcome } from './retry.ts';
import type { Silences } from './silences.ts';
import type { TimeIntervals } from './time-interval.ts';

/** One configuration of a receiver with what brings notifications there. */
export interface Integration {
  readonly receiver: string;
  /** Its place among the receiver's configurations. */
  readonly index: number;
  readonly config: WebhookConfig;
  readonly notifier: Notifier;
}

export interface PipelineParts {
  readonly clock: Clock;
  readonly rng: Rng | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly history: History;
  readonly inhibitor: Inhibitor;
  readonly timeIntervals: TimeIntervals;
  readonly silences: Silences;
  readonly log: NotificationLog;
  readonly externalUrl: string;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  /** Told as a notification proceeds; with the log entry once it is delivered. Makes both durable. */
  readonly record: (record: NotificationRecord, entry?: LogEntry) => void;
  /** Makes it known to a later run that a notification is about to be sent, or that this one failed for certain. */
  readonly beginAttempt: (key: LogKey) => void;
  readonly endAttempt: (key: LogKey) => void;
  /** A log entry that no notification goes with (resolves that the receiver does not want). */
  readonly saveEntry: (entry: LogEntry) => void;
}

/** Runs one flush through; true when everyone who was to be told has been. */
export type Pipeline = (flush: Flush) => Promise<boolean>;

/**
 * The order of Alertmanager's stages: inhibition, active and mute times, silences, then for each integration of the receiver on its own
 * deduplication, notification with retries and the log. Waiting for peers falls away: the router has none.
 */
export function createPipeline(parts: PipelineParts): Pipeline {
  return async flush => {
    const uninhibited = inhibitStage(parts, flush, flush.alerts);
    const inTime = timeStage(parts, flush, uninhibited);
    const audible = silenceStage(parts, flush, inTime);
    if (audible.length === 0) return true;
    const integrations = parts.integrationsOf(flush.route.receiver);
    if (integrations.length === 0)
      note(parts, flush, audible, 'not sent', 'the receiver has no configurations');
    const results = await Promise.all(
      integrations.map(each => notifyIntegration(parts, flush, each, audible)),
    );
    return results.every(told => told);
  };
}

async function notifyIntegration(
  parts: PipelineParts,
  flush: Flush,
  integration: Integration,
  alerts: readonly Alert[],
): Promise<boolean> {
  const delivery = partition(flush, integration, alerts);
  const reason = dedupeStage(parts, delivery);
  if (!reason) return true;
  const payload = payloadStage(parts, delivery, reason);
  if (!payload) return logStage(parts, delivery);
  const outcome = await retryStage(parts, delivery, payload);
  return outcome.delivered
    ? logStage(parts, delivery, payload, outcome)
    : failStage(parts, delivery, payload, outcome);
}

/** What one integration is to be told. */
interface Delivery {
  readonly flush: Flush;
  readonly integration: Integration;
  readonly key: LogKey;
  readonly alerts: readonly Alert[];
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

function partition(flush: Flush, integration: Integration, alerts: readonly Alert[]): Delivery {
  const of = (wanted: boolean) =>
    alerts.filter(alert => resolvedAt(alert, flush.now) === wanted).map(alert => alert.fingerprint);
  const key = { groupKey: flush.groupKey, receiver: integration.receiver, integration: integration.index };
  return { flush, integration, key, alerts, firing: of(false), resolved: of(true) };
}

function inhibitStage(parts: PipelineParts, flush: Flush, alerts: readonly Alert[]): readonly Alert[] {
  return mute(parts, flush, alerts, 'inhibition', ({ labels }) => {
    const source = parts.inhibitor.inhibitedBy(labels, flush.now);
    return source && `inhibited by ${source}`;
  });
}

/** Outside its active times or within a mute time, a route tells nothing. */
function timeStage(parts: PipelineParts, flush: Flush, alerts: readonly Alert[]): readonly Alert[] {
  if (alerts.length === 0) return alerts;
  const { activeTimes, muteTimes } = flush.route;
  const containing = (names: readonly string[]) => parts.timeIntervals.containing(names, flush.now);
  const isActive = activeTimes.length === 0 || containing(activeTimes).length > 0;
  const mutedBy = isActive ? containing(muteTimes) : activeTimes;
  flush.mark(mutedBy);
  if (mutedBy.length === 0) return alerts;
  const names = mutedBy.join(', ');
  const kind = isActive ? 'mute_time_interval' : 'active_time_interval';
  return mute(parts, flush, alerts, kind, () => (isActive ? `muted by ${names}` : `not within ${names}`));
}

function silenceStage(parts: PipelineParts, flush: Flush, alerts: readonly Alert[]): readonly Alert[] {
  return mute(parts, flush, alerts, 'silence', ({ labels }) => {
    const ids = parts.silences.silencedBy(labels, flush.now);
    return ids.length > 0 ? `silenced by ${ids.join(', ')}` : undefined;
  });
}

/** The alerts that nothing mutes; the others are noted with what does. */
function mute(
  parts: PipelineParts,
  flush: Flush,
  alerts: readonly Alert[],
  kind: SuppressedBy,
  why: (alert: Alert) => string | undefined,
): readonly Alert[] {
  return alerts.filter(alert => {
    const reason = why(alert);
    if (reason === undefined) return true;
    parts.metrics.suppressed.inc({ reason: kind });
    note(parts, flush, [alert], 'not sent', reason);
    return false;
  });
}

function dedupeStage(parts: PipelineParts, delivery: Delivery): NotifyReason | undefined {
  const { flush, integration, firing, resolved } = delivery;
  const decision = dedupe({
    entry: parts.log.find(delivery.key),
    interrupted: parts.log.isInterrupted(delivery.key),
    firing,
    resolved,
    sendResolved: integration.config.sendResolved,
    repeatInterval: flush.route.repeatInterval,
    now: flush.now,
  });
  if (decision.send) return decision.reason;
  note(parts, flush, delivery.alerts, 'not sent', decision.reason);
  return undefined;
}

/** The body to send; undefined when only resolves are left and the receiver does not want them. */
function payloadStage(
  parts: PipelineParts,
  delivery: Delivery,
  reason: NotifyReason,
): WebhookPayload | undefined {
  const { flush, integration } = delivery;
  const { sendResolved, maxAlerts } = integration.config;
  const alerts = sendResolved
    ? delivery.alerts
    : delivery.alerts.filter(alert => !resolvedAt(alert, flush.now));
  if (alerts.length === 0) {
    note(parts, flush, delivery.alerts, 'not sent', 'the receiver does not want resolves');
    parts.metrics.notifications.inc({ integration: INTEGRATION });
    return undefined;
  }
  return createPayload({
    receiver: integration.receiver,
    alerts,
    reason,
    groupLabels: flush.groupLabels,
    routeLabels: flush.route.labels,
    groupKey: flush.groupKey,
    externalUrl: parts.externalUrl,
    maxAlerts,
    now: flush.now,
  });
}

async function retryStage(
  parts: PipelineParts,
  delivery: Delivery,
  payload: WebhookPayload,
): Promise<RetryOutcome> {
  const { metrics, logger, clock, rng } = parts;
  const { flush, integration } = delivery;
  const labels = { integration: INTEGRATION };
  metrics.notifications.inc(labels);
  parts.beginAttempt(delivery.key);
  return notifyWithRetry({
    clock,
    rng,
    signal: flush.signal,
    attempt: () => integration.notifier.notify(payload, flush.signal),
    onAttempt(attempts, result, duration) {
      metrics.requests.inc(labels);
      metrics.latency.observe(labels, duration / 1000);
      if (result.outcome === 'delivered') return;
      metrics.requestsFailed.inc(labels);
      if (result.outcome === 'failed') return;
      parts.record(recordOf(delivery, payload, 'retrying', attempts, result.reason, clock.now()));
      if (attempts > 1) return;
      logger.warn(
        { receiver: integration.receiver, groupKey: flush.groupKey, reason: result.reason },
        'notification failed, retrying',
      );
    },
  });
}

/** Writes down what the receiver now knows. */
function logStage(
  parts: PipelineParts,
  delivery: Delivery,
  payload?: WebhookPayload,
  outcome?: RetryOutcome & { delivered: true },
): true {
  const { flush, firing, resolved } = delivery;
  const at = parts.clock.now();
  const entry: LogEntry = {
    ...delivery.key,
    at,
    expiresAt: expiryOf(at, flush.route.repeatInterval),
    firing,
    resolved,
  };
  parts.log.put(entry);
  if (!payload || !outcome) {
    parts.saveEntry(entry);
    return true;
  }
  parts.record(recordOf(delivery, payload, 'delivered', outcome.attempts, outcome.lastFailure, at), entry);
  note(parts, flush, delivery.alerts, 'sent', payload.notification_reason);
  return true;
}

function failStage(
  parts: PipelineParts,
  delivery: Delivery,
  payload: WebhookPayload,
  outcome: RetryOutcome & { delivered: false },
): false {
  const { flush, integration } = delivery;
  const { lastFailure, attempts, category } = outcome;
  // What a shutdown cuts short may have arrived, and so may what a crash cut short before.
  if (category !== 'contextCanceled' && !parts.log.isInterrupted(delivery.key))
    parts.endAttempt(delivery.key);
  parts.metrics.failed.inc({ integration: INTEGRATION, reason: category });
  parts.record(recordOf(delivery, payload, 'failed', Math.max(1, attempts), lastFailure, parts.clock.now()));
  note(parts, flush, delivery.alerts, 'failed', lastFailure);
  parts.logger.error(
    { receiver: integration.receiver, groupKey: flush.groupKey, attempts, reason: lastFailure },
    'notification failed; the next group interval tries again',
  );
  return false;
}

function recordOf(
  { flush, integration, firing, resolved }: Delivery,
  payload: WebhookPayload,
  outcome: NotificationRecord['outcome'],
  attempts: number,
  reason: string | null,
  at: Milliseconds,
): NotificationRecord {
  return {
    at,
    receiver: integration.receiver,
    integration: `${INTEGRATION}[${integration.index}]`,
    groupKey: flush.groupKey,
    groupLabels: payload.groupLabels,
    commonLabels: payload.commonLabels,
    status: payload.status,
    notificationReason: payload.notification_reason,
    firing,
    resolved: integration.config.sendResolved ? resolved : [],
    outcome,
    attempts,
    reason,
  };
}

function note(
  { history, clock }: PipelineParts,
  { groupKey, route }: Flush,
  alerts: readonly Alert[],
  decision: HistoryEntry['decision'],
  reason: string,
): void {
  const fingerprints = alerts.map(alert => alert.fingerprint);
  history.add(fingerprints, { at: clock.now(), groupKey, receiver: route.receiver, decision, reason });
}
