import { randomUUID } from 'node:crypto';
import type { Registry } from 'prom-client';
import {
  type Clock,
  type Labels,
  type Logger,
  type Milliseconds,
  type Rng,
  startTicker,
  type Ticker,
} from '../core/index.ts';
import { openDatabase } from '../sqlite/index.ts';
import { type Alert, mergeAlerts, resolvedAt } from './alert.ts';
import { type AlertWait, waitsOf } from './alert-wait.ts';
import type { AlertmanagerConfig, WebhookConfig } from './config.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { createHistory, type HistoryEntry } from './history.ts';
import { createInhibitor, type Inhibitor } from './inhibitor.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createNotificationLog } from './notification-log.ts';
import type { NotificationRecord } from './notification-record.ts';
import type { Notifier } from './notifier.ts';
import { createPipeline, type Integration, type Pipeline } from './pipeline.ts';
import { acceptAlert, type PostableAlert, type PutResult } from './postable-alert.ts';
import { createRecentNotifications } from './recent-notifications.ts';
import { createRoutingTree, type Route } from './route.ts';
import { createSilences, type Silences } from './silences.ts';
import { ALERTMANAGER_MIGRATIONS, createStateStore } from './state-store.ts';
import { createTimeIntervals } from './time-interval.ts';
import {
  type AlertFilter,
  type AlertView,
  countByState,
  type GroupView,
  type ViewSources,
  viewAlerts,
  viewGroups,
  wantedReceivers,
} from './views.ts';
import { createWebhookNotifier } from './webhook-notifier.ts';

/** How often resolved alerts, old log entries and old silences are forgotten. */
const MAINTENANCE_INTERVAL: Milliseconds = 900_000;

export interface AlertmanagerOptions {
  readonly config: AlertmanagerConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** The file that state is kept in, or `IN_MEMORY` of sqlite/. Only one process may have it open. */
  readonly database: string;
  /** Brings notifications out; `createWebhookNotifier` by default. */
  readonly createNotifier?: (webhook: WebhookConfig, receiver: string) => Notifier;
  /** Where people reach the router; stands in notifications. */
  readonly externalUrl: string;
  /** Spreads retries; without it they come at exact waits. */
  readonly rng?: Rng;
  /** Ids of silences; UUIDs by default. */
  readonly createId?: () => string;
}

/** The status of the router as `GET /api/v2/status` needs it. */
export interface StatusView {
  /** No cluster: the embedded router is alone. */
  readonly cluster: { readonly status: 'disabled'; readonly peers: readonly never[] };
  /** Without secrets. */
  readonly config: { readonly original: string };
  /** When it was created, RFC 3339. */
  readonly uptime: string;
}

/** The embedded alert router. Behaves as Alertmanager 0.34; differences are in docs/conformance.md. */
export interface Alertmanager {
  /** Takes alerts in; when it returns they survive a crash (see `PutResult.durable`). */
  put(alerts: readonly PostableAlert[]): PutResult;
  /** @throws UserError `bad-matcher`, `bad-regexp`, `bad-parameter` */
  alerts(filter?: AlertFilter): AlertView[];
  /** @throws UserError `bad-matcher`, `bad-regexp`, `bad-parameter` */
  groups(filter?: AlertFilter): GroupView[];
  status(): StatusView;
  /** In the configuration's order. @throws UserError `bad-parameter` */
  receivers(
    filter?: Pick<AlertFilter, 'receiver' | 'receiverMatchers'>,
  ): ReadonlyArray<{ readonly name: string; readonly labels: Record<string, string> }>;
  /** Newest first, those being retried included; at most 1000 are remembered. */
  recentNotifications(limit: number): NotificationRecord[];
  /** What was decided about an alert, oldest first; since the process started. */
  historyOf(fingerprint: string): readonly HistoryEntry[];
  /** For what an alert waits, one line for each group that holds it. */
  waitsOf(fingerprint: string): AlertWait[];
  readonly silences: Pick<Silences, 'set' | 'expire' | 'get' | 'list' | 'stateOf'>;
  /** Exchanges the configuration; alerts, silences and the log stay. Notifications under way are cut short. */
  reload(config: AlertmanagerConfig): Promise<void>;
  /** Begins to notify. */
  start(): void;
  /** Ends running notifications, closes the file. */
  stop(): Promise<void>;
}

/**
 * Opens the state and takes up where an earlier run left off: what was told is not told again, what was not told
 * yet will be.
 *
 * @throws UserError from `openDatabase`
 */
export function createAlertmanager(options: AlertmanagerOptions): Alertmanager {
  const { clock, logger, createNotifier = webhook => createWebhookNotifier(webhook, { clock }) } = options;
  const createdAt = clock.now();
  const database = openDatabase({
    file: options.database,
    migrations: ALERTMANAGER_MIGRATIONS,
    clock,
    logger,
    exclusive: true,
  });
  const state = createStateStore(database, logger, () => metrics.stateRefused.inc());
  const saved = state.load();
  const alerts = new Map<string, Alert>();
  /** Groups that a resolved alert has left for good, by fingerprint; so that a restart or reload leaves it out. */
  const settled = new Map([...saved.settled].map(([fingerprint, ids]) => [fingerprint, new Set(ids)]));
  const log = createNotificationLog(saved.log, saved.attempts);
  const history = createHistory();
  const recent = createRecentNotifications(saved.notifications);
  const silences = createSilences(saved.silences, {
    now: () => clock.now(),
    createId: options.createId ?? randomUUID,
    save: state.saveSilence,
  });
  let routing: Routing = route(options.config);
  const metrics: Metrics = createMetrics(options.registry, {
    alertsByState: () => countByState(viewSources()),
    silencesByState: countSilences,
    groups: () => routing.dispatcher.groups().length,
    receivers: () => routing.config.receivers.length,
    integrations: () => routing.config.receivers.reduce((sum, each) => sum + each.webhooks.length, 0),
    inhibitionRules: () => routing.config.inhibitRules.length,
  });
  let started = false;
  let maintenance: Ticker | undefined;

  for (const alert of saved.alerts) alerts.set(alert.fingerprint, revive(alert));
  enterAll();

  /**
   * An alert that was firing when it was last heard of and ran out while the router was down is not resolved:
   * nobody could say that it still fires. It gets the resolve timeout once more.
   */
  function revive(alert: Alert): Alert {
    const ranOut = resolvedAt(alert, createdAt) && alert.endsAt > alert.updatedAt;
    if (!ranOut || settled.has(alert.fingerprint)) return alert;
    return { ...alert, endsAt: createdAt + options.config.resolveTimeout, timeout: true };
  }

  function route(config: AlertmanagerConfig): Routing {
    const root = createRoutingTree(config.route);
    const inhibitor = createInhibitor(config.inhibitRules);
    const timeIntervals = createTimeIntervals(config.timeIntervals);
    const integrations = new Map(
      config.receivers.map(({ name, webhooks }) => [
        name,
        webhooks.map(
          (webhook, index): Integration => ({
            receiver: name,
            index,
            config: webhook,
            notifier: createNotifier(webhook, name),
          }),
        ),
      ]),
    );
    let pipeline: Pipeline | undefined;
    const dispatcher = createDispatcher({
      root,
      clock,
      onSettled: settle,
      flush: flush => {
        pipeline ??= createPipeline({
          clock,
          rng: options.rng,
          logger,
          metrics,
          history,
          inhibitor,
          timeIntervals,
          silences,
          log,
          externalUrl: options.externalUrl,
          integrationsOf: receiver => integrations.get(receiver) ?? [],
          record(record, entry) {
            recent.add(record);
            if (record.outcome !== 'retrying') state.saveNotification(entry, record);
          },
          beginAttempt: state.beginAttempt,
          endAttempt: key => state.endAttempts([key]),
          saveEntry: entry => state.saveNotification(entry, undefined),
        });
        return pipeline(flush);
      },
    });
    return { config, root, inhibitor, dispatcher };
  }

  function settle(fingerprints: readonly string[], groupId: string): void {
    for (const fingerprint of fingerprints)
      settled.set(fingerprint, (settled.get(fingerprint) ?? new Set()).add(groupId));
    state.settle(fingerprints, groupId);
  }

  /** Brings every known alert into the present routing. Sources come first, so that nothing slips past inhibition. */
  function enterAll(): void {
    for (const alert of alerts.values()) routing.inhibitor.observe(alert);
    for (const alert of alerts.values()) routing.dispatcher.dispatch(alert, settled.get(alert.fingerprint));
  }

  function put(batch: readonly PostableAlert[]): PutResult {
    const now = clock.now();
    const startedAt = clock.monotonic();
    const invalid: Array<PutResult['invalid'][number]> = [];
    const merged = new Map<string, Alert>();
    for (const [index, postable] of batch.entries()) {
      const accepted = acceptAlert(postable, now, routing.config.resolveTimeout);
      const firing = postable.endsAt === undefined || postable.endsAt > now;
      metrics.received.inc({ status: firing ? 'firing' : 'resolved', version: 'v2' });
      if ('invalid' in accepted) {
        invalid.push({ index, message: accepted.invalid });
        metrics.invalid.inc({ version: 'v2' });
        continue;
      }
      const known = merged.get(accepted.fingerprint) ?? alerts.get(accepted.fingerprint);
      merged.set(accepted.fingerprint, known ? mergeAlerts(known, accepted, now) : accepted);
    }
    const changed = [...merged.values()];
    const durable = changed.length === 0 || state.saveAlerts(changed);
    for (const alert of changed) enter(alert);
    for (const alert of changed) routing.dispatcher.dispatch(alert);
    metrics.processing.observe((clock.monotonic() - startedAt) / 1000);
    return { accepted: batch.length - invalid.length, invalid, durable };
  }

  function enter(alert: Alert): void {
    alerts.set(alert.fingerprint, alert);
    settled.delete(alert.fingerprint);
    routing.inhibitor.observe(alert);
  }

  function collectGarbage(): void {
    const now = clock.now();
    const { dispatcher, inhibitor } = routing;
    const groupKeys = new Set(dispatcher.groups().map(group => group.key));
    const held = new Set(dispatcher.groups().flatMap(group => [...group.alerts.keys()]));
    const gone = [...alerts.values()]
      .filter(alert => resolvedAt(alert, now) && !held.has(alert.fingerprint))
      .map(alert => alert.fingerprint);
    for (const fingerprint of gone) {
      alerts.delete(fingerprint);
      settled.delete(fingerprint);
    }
    inhibitor.collectGarbage(now);
    const entries = log.collectGarbage(now);
    const ids = silences.collectGarbage(now);
    const attempts = log.dropInterrupted(groupKey => groupKeys.has(groupKey));
    if (attempts.length > 0) state.endAttempts(attempts);
    if (gone.length > 0) state.removeAlerts(gone);
    if (entries.length > 0) state.removeLogEntries(entries);
    if (ids.length > 0) state.removeSilences(ids);
  }

  function viewSources(): ViewSources {
    const now = clock.now();
    const { root, dispatcher, inhibitor, config } = routing;
    const inhibitedBy = (labels: Labels) => {
      const source = inhibitor.inhibitedBy(labels, now);
      return source === undefined ? [] : [source];
    };
    return {
      now,
      alerts: alerts.values(),
      root,
      dispatcher,
      receivers: config.receivers,
      inhibitedBy,
      silencedBy: labels => silences.silencedBy(labels, now),
    };
  }

  function countSilences() {
    const counts = { active: 0, pending: 0, expired: 0 };
    for (const silence of silences.list()) counts[silences.stateOf(silence)]++;
    return counts;
  }

  return {
    put,
    alerts: (filter = {}) => viewAlerts(viewSources(), filter),
    groups: (filter = {}) => viewGroups(viewSources(), filter),
    status: () => ({
      cluster: { status: 'disabled', peers: [] },
      config: { original: routing.config.shown },
      uptime: new Date(createdAt).toISOString(),
    }),
    receivers: (filter = {}) =>
      wantedReceivers(routing.config.receivers, filter).map(({ name, labels }) => ({
        name,
        labels: labels.toObject(),
      })),
    recentNotifications: limit => recent.newest(limit),
    historyOf: history.of,
    waitsOf: fingerprint => waitsOf(fingerprint, routing.dispatcher.groups()),
    silences,
    async reload(config) {
      const old = routing.dispatcher;
      await old.stop();
      routing = route(config);
      enterAll();
      if (started) routing.dispatcher.start();
    },
    start() {
      if (started) return;
      started = true;
      routing.dispatcher.start();
      maintenance = startTicker(clock, {
        interval: MAINTENANCE_INTERVAL,
        offset: 0,
        onTick: collectGarbage,
        onError: error => logger.error({ error }, 'maintenance of the alert router failed'),
      });
    },
    async stop() {
      await maintenance?.stop();
      await routing.dispatcher.stop();
      state.close();
    },
  };
}

/** What a configuration gives rise to; exchanged whole by a reload. */
interface Routing {
  readonly config: AlertmanagerConfig;
  readonly root: Route;
  readonly inhibitor: Inhibitor;
  readonly dispatcher: Dispatcher;
}
