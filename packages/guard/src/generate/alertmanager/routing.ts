import { compareStrings } from '../../core/index.ts';
import type { Slo } from '../../slo/index.ts';
import { burnAlertName } from '../facts.ts';

export interface RoutingOptions {
  /** Receivers by name; left out, what comes before the route decides. */
  readonly pageReceiver?: string | undefined;
  readonly ticketReceiver?: string | undefined;
}

/** A condition as Alertmanager's `matchers` have it: `severity="page"`. */
export interface RouteMatcher {
  readonly name: string;
  readonly operator: '=' | '!=' | '=~';
  readonly value: string;
}

export interface Route {
  readonly matchers: readonly RouteMatcher[];
  readonly receiver?: string;
  readonly continue?: true;
  readonly routes?: readonly Route[];
}

export interface InhibitRule {
  readonly source: readonly RouteMatcher[];
  readonly target: readonly RouteMatcher[];
  readonly equal: readonly string[];
}

export interface Routing {
  readonly route: Route;
  readonly groupBy: readonly string[];
  readonly inhibitRules: readonly InhibitRule[];
}

/** How long the first notification of a group waits for company, the next for news, and a repeat for an answer. */
export const ROUTE_TIMES = { groupWait: '10s', groupInterval: '1m', repeatInterval: '4h' } as const;

const IDENTITY = ['service', 'slo'];
const OF_SLOS: RouteMatcher = { name: 'slo', operator: '!=', value: '' };
const severity = (value: string): RouteMatcher => ({ name: 'severity', operator: '=', value });

/** Where the alerts of SLOs go, and which of them are silent while a higher one of the same SLO fires. */
export function routingOf(slos: readonly Slo[], options: RoutingOptions = {}): Routing {
  const groups = [...new Set(slos.flatMap(({ grouping }) => grouping))].sort(compareStrings);
  const same = [...IDENTITY, ...groups];
  return {
    route: { matchers: [OF_SLOS], ...childRoutes(slos, options) },
    groupBy: ['alertname', ...same],
    inhibitRules: [
      { source: [severity('page'), OF_SLOS], target: [severity('ticket'), OF_SLOS], equal: same },
      ...withinSeverities(slos, same),
    ],
  };
}

function childRoutes(slos: readonly Slo[], { pageReceiver, ticketReceiver }: RoutingOptions) {
  const told = notifyRoutes(slos);
  const chosen: Route[] = [
    ...(pageReceiver === undefined ? [] : [{ matchers: [severity('page')], receiver: pageReceiver }]),
    ...(ticketReceiver === undefined ? [] : [{ matchers: [severity('ticket')], receiver: ticketReceiver }]),
  ];
  const isWhole = chosen.length === 2;
  // An alert that a child takes does not go to its parent: the last child stands for it.
  const rest: Route[] = told.length > 0 && !isWhole ? [{ matchers: [] }] : [];
  const routes = [...told, ...chosen, ...rest];
  return routes.length === 0 ? {} : { routes };
}

/** Those whom tiers of policies name, told besides. */
function notifyRoutes(slos: readonly Slo[]): Route[] {
  const alerts = new Map<string, Set<string>>();
  for (const slo of slos) {
    for (const tier of slo.policy.tiers) {
      for (const receiver of tier.notify) {
        const names = alerts.get(receiver) ?? new Set();
        alerts.set(receiver, names.add(burnAlertName(slo, tier)));
      }
    }
  }
  return [...alerts]
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([receiver, names]) => ({
      matchers: [oneOf('alertname', [...names].sort(compareStrings))],
      receiver,
      continue: true,
    }));
}

/** Of two alerts of one severity and SLO, the faster silences the slower; they are told apart by how their names end. */
function withinSeverities(slos: readonly Slo[], equal: readonly string[]): InhibitRule[] {
  const rules = new Map<string, InhibitRule>();
  for (const { policy } of slos) {
    for (const [i, { suffix, severity: level }] of policy.tiers.entries()) {
      const slower = policy.tiers.slice(i + 1).filter(tier => tier.severity === level);
      if (slower.length === 0) continue;
      const rule: InhibitRule = {
        source: [ending([suffix]), severity(level), OF_SLOS],
        target: [ending(slower.map(tier => tier.suffix)), severity(level), OF_SLOS],
        equal,
      };
      rules.set(JSON.stringify(rule), rule);
    }
  }
  return [...rules].sort(([a], [b]) => compareStrings(a, b)).map(([, rule]) => rule);
}

const ending = (suffixes: readonly string[]): RouteMatcher => ({
  name: 'alertname',
  operator: '=~',
  value: `.+(${suffixes.map(escaped).join('|')})`,
});

const oneOf = (name: string, values: readonly string[]): RouteMatcher =>
  values.length === 1
    ? { name, operator: '=', value: values[0]! }
    : { name, operator: '=~', value: values.map(escaped).join('|') };

/** A text as a regular expression of RE2 that matches it alone. */
const escaped = (text: string) => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
