import type { NotificationRecord } from '../alertmanager/index.ts';
import type { Labels } from '../core/index.ts';
import type { ActiveAlert } from '../rules/index.ts';
import { alertHistory } from './console-alert-history.ts';
import type { ConsoleSources } from './console-api.ts';
import type { ActiveAlert as ActiveAlertAnswer, MetaAnswer, NotificationEntry } from './console-types.ts';
import type { GuardParts } from './guard-parts.ts';
import type { RuleAlert } from './slo-overview.ts';

/** What the guard's parts say, in the shapes of the console's API. */
export function consoleSources(parts: GuardParts): ConsoleSources {
  const { pool, spans, clock, rules, alertmanager, notifier } = parts;
  return {
    pool,
    spans,
    clock,
    meta: () => metaOf(parts),
    ruleAlerts: () =>
      rules.groups().flatMap(({ rules: views }) =>
        views.flatMap(({ rule, alerts }): RuleAlert[] => {
          if (rule.kind !== 'alerting') return [];
          const labels = { ...rule.labels, alertname: rule.name };
          return alerts.length === 0
            ? [{ labels, state: 'inactive', activeAt: null, value: null }]
            : alerts.map(activeRuleAlert);
        }),
      ),
    activeAlerts: () =>
      rules
        .alerts()
        .map(alert => activeAlertAnswer(alert, notifier.embeddedLabels(alert.labels)))
        .filter(({ severity }) => severity !== 'none'),
    alertHistory: fingerprint => alertHistory(alertmanager, fingerprint),
    notifications: limit => alertmanager.recentNotifications(limit).map(notificationEntry),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const activeRuleAlert = ({ labels, state, activeAt, value }: ActiveAlert): RuleAlert => ({
  labels: labels.toObject(),
  state,
  activeAt,
  value: finite(value),
});

const activeAlertAnswer = (
  { labels, annotations, state, activeAt, value }: ActiveAlert,
  routed: Labels | undefined,
): ActiveAlertAnswer => ({
  fingerprint: routed?.fingerprint() ?? null,
  alertname: labels.get('alertname'),
  service: labels.get('service'),
  slo: labels.get('slo') || null,
  severity: labels.get('severity'),
  state,
  activeAt,
  value,
  summary: annotations.get('summary'),
});

function notificationEntry(record: NotificationRecord): NotificationEntry {
  const { at, receiver, status, groupKey, commonLabels, firing, resolved, outcome, attempts, reason } =
    record;
  return {
    at,
    receiver,
    status,
    groupKey,
    alertname: commonLabels.alertname ?? '',
    service: commonLabels.service ?? '',
    slo: commonLabels.slo ?? '',
    severity: commonLabels.severity ?? '',
    alerts: firing.length + resolved.length,
    outcome,
    attempts,
    reason,
  };
}

function metaOf(parts: GuardParts): MetaAnswer {
  const { options, addresses, startedAt, clock, scrapes, notifier, config, sloReloader } = parts;
  const refusedSlos = sloReloader?.lastReload().failure;
  const link = (address: string | undefined) => (address === undefined ? null : `http://${address}`);
  const { receiver = null, serviceA = null, serviceB = null } = options.links;
  return {
    version: options.version,
    timeScale: 1,
    startedAt,
    now: clock.now(),
    links: {
      prometheus: link(addresses.prometheus),
      alertmanager: link(addresses.alertmanager),
      jaeger: link(addresses.jaeger),
      receiver,
      serviceA,
      serviceB,
    },
    warnings: [
      ...(notifier.routesEmbedded()
        ? []
        : [
            'Alerts go to the Alertmanagers that the configuration lists; nobody sends to the embedded router, so its notifications are not shown here.',
          ]),
      ...(config.scrapeConfigs.length === 0
        ? ['Nothing is scraped: the configuration has no scrape_configs.']
        : []),
      ...(refusedSlos === undefined
        ? []
        : [`The SLO files are refused, and the rules of before go on: ${refusedSlos.split('\n', 1)[0]}`]),
    ],
    targets: scrapes.targets().map(({ scrapePool, labels, health, lastError, lastScrape }) => ({
      job: scrapePool,
      instance: labels.get('instance'),
      health,
      lastError: lastError || null,
      lastScrape: lastScrape ?? null,
    })),
  };
}
