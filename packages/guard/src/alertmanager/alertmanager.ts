import { randomUUID } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { Clock, Logger, Rng, Ticker } from '../core/index.ts';
import { openDatabase } from '../sqlite/index.ts';
import { createAlertStore } from './alert-store.ts';
import { type AlertWait, waitsOf } from './alert-wait.ts';
import type { AlertmanagerConfig } from './config.ts';
import { createHistory, type HistoryEntry } from './history.ts';
import { startMaintenance } from './maintenance.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createNotificationLog } from './notification-log.ts';
import { isHeartbeat, type NotificationRecord } from './notification-record.ts';
import type { PostableAlert, PutResult } from './postable-alert.ts';
import { createReceiverNotifier } from './receivers/create-notifier.ts';
import { createRecentNotifications } from './recent-notifications.ts';
import { createReception } from './reception.ts';
import { type CreateNotifier, createRouting, type Routing } from './routing.ts';
import { countSilences, createSilences, type SilenceLimits, type Silences } from './silences.ts';
import { ALERTMANAGER_MIGRATIONS } from './state-rows.ts';
import { createStateStore } from './state-store.ts';
import {
  type AlertFilter,
  type AlertView,
  countByState,
  type GroupView,
  viewAlerts,
  viewGroups,
  viewSources,
  wantedReceivers,
} from './views.ts';

export interface AlertmanagerOptions {
  readonly config: AlertmanagerConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** The file that state is kept in, or `IN_MEMORY` of sqlite/. Only one process may have it open. */
  readonly database: string;
  /** Brings notifications out; the kinds' own notifiers by default. */
  readonly createNotifier?: CreateNotifier;
  /** Where people reach the router; stands in notifications. */
  readonly externalUrl: string;
  /** Spreads retries; without it they come at exact waits. */
  readonly rng?: Rng;
  /** `DEFAULT_SILENCE_LIMITS` where they are left out. */
  readonly silenceLimits?: SilenceLimits;
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
  /** As `put`, resolving when they do; several senders' alerts of one turn of the event loop wait for the disk together. */
  putShared(alerts: readonly PostableAlert[]): Promise<PutResult>;
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
  const {
    clock,
    logger,
    createNotifier = config => createReceiverNotifier(config, { clock, logger }),
  } = options;
  const createdAt = clock.now();
  const database = openDatabase({
    file: options.database,
    migrations: ALERTMANAGER_MIGRATIONS,
    clock,
    logger,
    exclusive: true,
  });
  const state = createStateStore({
    database,
    clock,
    logger,
    onRefusal: () => metrics.stateRefused.inc(),
  });
  const saved = state.load();
  const { resolveTimeout } = options.config;
  const store = createAlertStore({ saved, state, now: createdAt, resolveTimeout });
  const log = createNotificationLog(saved.log, saved.attempts);
  const history = createHistory();
  const recent = createRecentNotifications(saved.notifications);
  const silences = createSilences(saved.silences, {
    now: () => clock.now(),
    createId: options.createId ?? randomUUID,
    save: state.saveSilence,
    ...(options.silenceLimits && { limits: options.silenceLimits }),
  });
  const metrics: Metrics = createMetrics(options.registry, {
    alertsByState: () => countByState(sources()),
    silencesByState: () => countSilences(silences),
    groups: () => routing.dispatcher.groups().length,
    receivers: () => routing.config.receivers.length,
    integrations: () => routing.config.receivers.reduce((sum, each) => sum + each.integrations.length, 0),
    inhibitionRules: () => routing.config.inhibitRules.length,
  });
  const route = (config: AlertmanagerConfig): Routing => {
    const created = createRouting(config, {
      clock,
      createNotifier,
      onSettled: store.settle,
      parts: {
        clock,
        rng: options.rng,
        logger,
        metrics,
        history,
        silences,
        log,
        externalUrl: options.externalUrl,
        record(record, entry) {
          recent.add(record);
          if (record.outcome !== 'retrying')
            state.saveNotification(entry, isHeartbeat(record) ? undefined : record);
        },
        beginAttempt: state.beginAttempt,
        endAttempt: key => state.endAttempts([key]),
        saveEntry: entry => state.saveNotification(entry, undefined),
      },
    });
    created.enter(store.all(), store.settledIn);
    return created;
  };
  let routing = route(options.config);
  const { put, putShared } = createReception({
    clock,
    metrics,
    store,
    resolveTimeout: () => routing.config.resolveTimeout,
    enter: alerts => routing.enter(alerts),
  });
  const sources = () => viewSources({ now: clock.now(), alerts: store.all(), routing, silences });
  let maintenance: Ticker | undefined;

  return {
    put,
    putShared,
    alerts: (filter = {}) => viewAlerts(sources(), filter),
    groups: (filter = {}) => viewGroups(sources(), filter),
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
      await routing.dispatcher.stop();
      routing = route(config);
      if (maintenance) routing.dispatcher.start();
    },
    start() {
      if (maintenance) return;
      routing.dispatcher.start();
      const kept = { clock, logger, routing: () => routing, store, log, silences, state };
      maintenance = startMaintenance(kept);
    },
    async stop() {
      await maintenance?.stop();
      await routing.dispatcher.stop();
      state.close();
    },
  };
}
