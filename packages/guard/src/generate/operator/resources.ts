import { formatDuration, type Milliseconds, milliseconds } from '../../core/index.ts';
import type { SloModel } from '../../slo/index.ts';
import {
  type InhibitRule,
  ROUTE_TIMES,
  type Route,
  type RouteMatcher,
  type RoutingOptions,
  routingOf,
} from '../alertmanager/routing.ts';
import { generatedHeader, sourcesOf, toYaml } from '../header.ts';
import { printGroups } from '../print-rules.ts';
import { type RuleFileOptions, ruleGroups } from '../rule-file.ts';
import { resourceName } from './resource-name.ts';

export interface ResourceOptions {
  /** Left out, that of whoever applies the resources. */
  readonly namespace?: string | undefined;
  /** Labels by which the Prometheus and Alertmanager resources select them: `release: prometheus`. */
  readonly labels?: Readonly<Record<string, string>>;
}

type Model = Pick<SloModel, 'slos'>;

function head(apiVersion: string, kind: string, name: string, { namespace, labels = {} }: ResourceOptions) {
  const all = { 'app.kubernetes.io/managed-by': 'slo-guard', ...labels };
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }), labels: all } };
}

/** A `PrometheusRule` of the Prometheus operator. */
export function prometheusRule(
  name: string,
  model: Model,
  options: ResourceOptions & RuleFileOptions = {},
): string {
  const { namespace, labels, ...rules } = options;
  const about = head('monitoring.coreos.com/v1', 'PrometheusRule', resourceName(name), { namespace, labels });
  return `${generatedHeader(sourcesOf(model.slos))}${toYaml(about)}spec:\n${printGroups(ruleGroups(model, rules), '  ')}`;
}

const SCRAPE_INTERVAL: Milliseconds = milliseconds(15_000);

/**
 * A `ServiceMonitor` for one service: it selects the Service whose label `app.kubernetes.io/name` is the service's name,
 * and scrapes its port `metrics`.
 */
export function serviceMonitor(
  service: string,
  model: Model,
  {
    scrapeInterval = SCRAPE_INTERVAL,
    ...options
  }: ResourceOptions & { readonly scrapeInterval?: Milliseconds } = {},
): string {
  const name = resourceName(service);
  const resource = {
    ...head('monitoring.coreos.com/v1', 'ServiceMonitor', name, options),
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      endpoints: [{ port: 'metrics', interval: formatDuration(scrapeInterval) }],
    },
  };
  const sources = sourcesOf(model.slos.filter(slo => slo.service === service));
  return `${generatedHeader(sources)}${toYaml(resource)}`;
}

/** The Secret that holds the addresses of the receivers that an `AlertmanagerConfig` defines, a key for each. */
export const RECEIVER_SECRET = 'slo-guard-receivers';

/**
 * An `AlertmanagerConfig`: routes, inhibition, and webhook receivers whose addresses a Secret holds (`page-url`,
 * `ticket-url`, and a key for each that a policy tells), since no address is the SLOs' to say.
 */
export function alertmanagerConfig(model: Model, options: ResourceOptions & RoutingOptions = {}): string {
  const { pageReceiver = 'page', ticketReceiver = 'ticket', ...rest } = options;
  const routing = routingOf(model.slos, { pageReceiver, ticketReceiver });
  const { route, groupBy, inhibitRules } = routing;
  const names = [
    ...new Set([
      pageReceiver,
      ticketReceiver,
      ...(route.routes ?? []).flatMap(({ receiver }) => receiver ?? []),
    ]),
  ];
  const resource = {
    ...head('monitoring.coreos.com/v1alpha1', 'AlertmanagerConfig', 'slo-guard', rest),
    spec: {
      route: {
        receiver: ticketReceiver,
        matchers: route.matchers.map(matcherOf),
        groupBy,
        groupWait: ROUTE_TIMES.groupWait,
        groupInterval: ROUTE_TIMES.groupInterval,
        repeatInterval: ROUTE_TIMES.repeatInterval,
        routes: (route.routes ?? []).map(routeOf),
      },
      inhibitRules: inhibitRules.map(inhibitRuleOf),
      receivers: names.map(name => ({
        name,
        webhookConfigs: [{ urlSecret: { name: RECEIVER_SECRET, key: `${resourceName(name)}-url` } }],
      })),
    },
  };
  return `${generatedHeader(sourcesOf(model.slos))}${toYaml(resource)}`;
}

const matcherOf = ({ name, operator, value }: RouteMatcher) => ({ name, value, matchType: operator });

const routeOf = ({ matchers, receiver, continue: goesOn }: Route) => ({
  ...(receiver !== undefined && { receiver }),
  matchers: matchers.map(matcherOf),
  ...(goesOn && { continue: true }),
});

const inhibitRuleOf = ({ source, target, equal }: InhibitRule) => ({
  sourceMatch: source.map(matcherOf),
  targetMatch: target.map(matcherOf),
  equal,
});
