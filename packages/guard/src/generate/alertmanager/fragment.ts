import type { SloModel } from '../../slo/index.ts';
import { generatedHeader, sourcesOf, toYaml } from '../header.ts';
import {
  type InhibitRule,
  ROUTE_TIMES,
  type Route,
  type RouteMatcher,
  type Routing,
  type RoutingOptions,
  routingOf,
} from './routing.ts';

/** The parts of an Alertmanager configuration, as its file has them. */
export interface RoutingParts {
  readonly route: object;
  readonly inhibitRules: readonly object[];
}

/** The route and the inhibition of SLOs, for a configuration that has receivers: whole it is with `mergeRouting` only. */
export function generateRoutingFragment(
  { slos }: Pick<SloModel, 'slos'>,
  options: RoutingOptions = {},
): string {
  const { route, inhibitRules } = routingParts(routingOf(slos, options));
  return `${generatedHeader(sourcesOf(slos))}${toYaml({ route: { routes: [route] }, inhibit_rules: inhibitRules })}`;
}

export const routingParts = ({ route, groupBy, inhibitRules }: Routing): RoutingParts => ({
  route: {
    ...routeOf({ ...route, routes: [] }),
    group_by: groupBy,
    group_wait: ROUTE_TIMES.groupWait,
    group_interval: ROUTE_TIMES.groupInterval,
    repeat_interval: ROUTE_TIMES.repeatInterval,
    ...(route.routes && { routes: route.routes.map(routeOf) }),
  },
  inhibitRules: inhibitRules.map(inhibitRuleOf),
});

const routeOf = ({ matchers, receiver, continue: goesOn }: Route): object => ({
  ...(matchers.length > 0 && { matchers: matchers.map(matcherText) }),
  ...(receiver !== undefined && { receiver }),
  ...(goesOn && { continue: true }),
});

const inhibitRuleOf = ({ source, target, equal }: InhibitRule): object => ({
  source_matchers: source.map(matcherText),
  target_matchers: target.map(matcherText),
  equal,
});

const matcherText = ({ name, operator, value }: RouteMatcher) => `${name}${operator}${JSON.stringify(value)}`;
