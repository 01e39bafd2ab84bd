import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';
import { FAILURE_CATEGORIES } from './notifier.ts';
import { INTEGRATION_KINDS } from './receivers/config.ts';
import type { SilenceState } from './silences.ts';
import type { AlertState } from './views.ts';

/** What gauges read when they are scraped. */
export interface GaugeSources {
  alertsByState(): Readonly<Record<AlertState, number>>;
  silencesByState(): Readonly<Record<SilenceState, number>>;
  groups(): number;
  receivers(): number;
  integrations(): number;
  inhibitionRules(): number;
}

/** The router's metrics under Alertmanager's names. */
export function createMetrics(registry: Registry, sources: GaugeSources) {
  const registers = [registry];
  const counter = <Name extends string>(name: string, help: string, labelNames: Name[]) =>
    new Counter({ name: `alertmanager_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `alertmanager_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const byState = (name: string, help: string, read: () => Readonly<Record<string, number>>) =>
    new Gauge({
      name: `alertmanager_${name}`,
      help,
      labelNames: ['state'],
      registers,
      collect() {
        for (const [state, count] of Object.entries(read())) this.set({ state }, count);
      },
    });

  byState('alerts', 'How many alerts by state.', sources.alertsByState);
  byState('silences', 'How many silences by state.', sources.silencesByState);
  gauge('dispatcher_aggregation_groups', 'Number of active aggregation groups', sources.groups);
  gauge('receivers', 'Number of configured receivers.', sources.receivers);
  gauge('integrations', 'Number of configured integrations.', sources.integrations);
  gauge('inhibition_rules', 'Number of configured inhibition rules.', sources.inhibitionRules);

  const received = counter('alerts_received_total', 'The total number of received alerts.', [
    'status',
    'version',
  ]);
  const invalid = counter('alerts_invalid_total', 'The total number of received alerts that were invalid.', [
    'version',
  ]);
  const notifications = counter('notifications_total', 'The total number of attempted notifications.', [
    'integration',
  ]);
  const failed = counter('notifications_failed_total', 'The total number of failed notifications.', [
    'integration',
    'reason',
  ]);
  const requests = counter(
    'notification_requests_total',
    'The total number of attempted notification requests.',
    ['integration'],
  );
  const requestsFailed = counter(
    'notification_requests_failed_total',
    'The total number of failed notification requests.',
    ['integration'],
  );
  const suppressed = counter(
    'notifications_suppressed_total',
    'The total number of notifications suppressed for being silenced or inhibited.',
    ['reason'],
  );
  const latency = new Histogram({
    name: 'alertmanager_notification_latency_seconds',
    help: 'The latency of notifications in seconds.',
    labelNames: ['integration'],
    buckets: [1, 5, 10, 15, 20],
    registers,
  });
  const processing = new Summary({
    name: 'alertmanager_dispatcher_alert_processing_duration_seconds',
    help: 'Summary of latencies for the processing of alerts.',
    percentiles: [],
    registers,
  });
  const stateRefused = counter(
    'state_write_failures_total',
    'Writes of alert state that the disk refused; a restart may then repeat or delay pages.',
    [],
  );

  for (const status of ['firing', 'resolved']) received.inc({ status, version: 'v2' }, 0);
  for (const integration of INTEGRATION_KINDS) {
    for (const reason of FAILURE_CATEGORIES) failed.inc({ integration, reason }, 0);
    for (const each of [notifications, requests, requestsFailed]) each.inc({ integration }, 0);
  }
  for (const reason of SUPPRESSED_BY) suppressed.inc({ reason }, 0);
  invalid.inc({ version: 'v2' }, 0);

  return {
    received,
    invalid,
    notifications,
    failed,
    requests,
    requestsFailed,
    suppressed,
    latency,
    processing,
    stateRefused,
  };
}

/** What keeps alerts from being told, the label `reason` of `alertmanager_notifications_suppressed_total`. */
const SUPPRESSED_BY = ['inhibition', 'active_time_interval', 'mute_time_interval', 'silence'] as const;
export type SuppressedBy = (typeof SUPPRESSED_BY)[number];

export type Metrics = ReturnType<typeof createMetrics>;
