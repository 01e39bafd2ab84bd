import { type Clock, createSystemClock, Labels, type Logger, silentLogger } from '../../core/index.ts';
import type { Alert } from '../alert.ts';
import { loadAlertmanagerConfig } from '../load-config.ts';
import type { Notification } from '../notification.ts';
import type { Memory } from '../notification-log.ts';
import type { NotifyResult } from '../notifier.ts';
import { createReceiverNotifier } from './create-notifier.ts';

const START = Date.UTC(2026, 0, 1);

/** An alert that fires at the instant of `NOTIFICATION`. */
export function alertOf(labels: Record<string, string>, annotations: Record<string, string> = {}): Alert {
  const set = Labels.of(labels);
  return {
    fingerprint: set.fingerprint(),
    labels: set,
    annotations: Labels.of(annotations),
    generatorUrl: 'http://prometheus.example/graph?a=b&c=d',
    startsAt: START,
    endsAt: START + 600_000,
    updatedAt: START,
    timeout: false,
  };
}

const BURN = alertOf({ alertname: 'Burn', service: 'a' }, { summary: 'It <burns> & burns' });

/** One alert that fires. */
export const NOTIFICATION: Notification = {
  receiver: 'r',
  alerts: [BURN],
  reason: 'first notification',
  groupLabels: Labels.of({ alertname: 'Burn' }),
  routeLabels: {},
  groupKey: '{}:{alertname="Burn"}',
  externalUrl: 'http://am.example',
  now: START + 60_000,
};

/** As `NOTIFICATION`, with another text. */
export const notificationSaying = (summary: string): Notification => ({
  ...NOTIFICATION,
  alerts: [{ ...BURN, annotations: Labels.of({ summary }) }],
});

export const RESOLVED: Notification = {
  ...NOTIFICATION,
  alerts: [{ ...BURN, endsAt: START + 30_000 }],
  reason: 'all alerts resolved',
};

const NEVER = new AbortController().signal;

/** Sends through the only configuration of a receiver written in YAML: `slack_configs: [{ … }]`. */
export function notifierOf(
  receiver: string,
  { global = '{}', logger = silentLogger as Logger, clock = createSystemClock() as Clock } = {},
) {
  const text = `global: ${global}\nroute: { receiver: r }\nreceivers: [{ name: r, ${receiver} }]`;
  const [config] = loadAlertmanagerConfig('am.yml', text).receivers[0]!.integrations;
  const notifier = createReceiverNotifier(config!, { clock, logger });
  return (
    notification: Notification = NOTIFICATION,
    signal: AbortSignal = NEVER,
    memory: Memory = {},
  ): Promise<NotifyResult> => notifier.notify(notification, signal, memory);
}
