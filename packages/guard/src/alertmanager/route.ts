import { compareStrings, LABEL_SEPARATOR, type Labels, type Milliseconds } from '../core/index.ts';
import type { RouteConfig } from './config.ts';
import { formatMatchers, matchesAll } from './matchers.ts';

/** A node of the routing tree with everything inherited filled in. */
export interface Route {
  /** Unique in the tree. */
  readonly id: string;
  /** The matchers from the root on, `{}/{severity="page"}`; begins group keys. */
  readonly key: string;
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupByAll: boolean;
  readonly groupWait: Milliseconds;
  readonly groupInterval: Milliseconds;
  readonly repeatInterval: Milliseconds;
  /** Of this route and its ancestors, by name; an empty one hides that of an ancestor. */
  readonly labels: ReadonlyMap<string, string>;
  readonly routes: readonly Route[];
  readonly continue: boolean;
  readonly muteTimes: readonly string[];
  readonly activeTimes: readonly string[];
  matches(labels: Labels): boolean;
}

type Inherited = Omit<Route, 'id' | 'key' | 'routes' | 'continue' | 'matches' | 'muteTimes' | 'activeTimes'>;

/** Alertmanager's defaults (dispatch.DefaultRouteOpts). */
const DEFAULTS: Inherited = {
  receiver: '',
  groupBy: [],
  groupByAll: false,
  groupWait: 30_000,
  groupInterval: 300_000,
  repeatInterval: 14_400_000,
  labels: new Map(),
};

/** Builds the tree with its keys and ids as Alertmanager writes them. */
export function createRoutingTree(config: RouteConfig): Route {
  return createRoute(config, DEFAULTS, '', '', '');
}

function createRoute(
  config: RouteConfig,
  parent: Inherited,
  keyPrefix: string,
  idPrefix: string,
  idSuffix: string,
): Route {
  const inherited = inherit(config, parent);
  const own = formatMatchers(config.matchers);
  const key = keyPrefix + own;
  const id = idPrefix + own + idSuffix;
  return {
    ...inherited,
    id,
    key,
    continue: config.continue,
    muteTimes: config.muteTimes,
    activeTimes: config.activeTimes,
    matches: labels => matchesAll(config.matchers, labels),
    routes: config.routes.map((child, i) => createRoute(child, inherited, `${key}/`, `${id}/`, `/${i}`)),
  };
}

function inherit(config: RouteConfig, parent: Inherited): Inherited {
  return {
    receiver: config.receiver || parent.receiver,
    groupBy: config.groupBy ?? parent.groupBy,
    // Named labels end an inherited '...'.
    groupByAll: config.groupBy ? false : config.groupByAll || parent.groupByAll,
    groupWait: config.groupWait ?? parent.groupWait,
    groupInterval: config.groupInterval ?? parent.groupInterval,
    repeatInterval: config.repeatInterval ?? parent.repeatInterval,
    labels: mergeLabels(parent.labels, config.labels),
  };
}

const mergeLabels = (...sets: readonly ReadonlyMap<string, string>[]) =>
  new Map([...new Map(sets.flatMap(set => [...set]))].sort(([a], [b]) => compareStrings(a, b)));

/** The routes that take an alert: depth first, the deepest match of a branch, on to siblings after `continue`. */
export function matchRoutes(route: Route, labels: Labels): Route[] {
  if (!route.matches(labels)) return [];
  const taken: Route[] = [];
  for (const child of route.routes) {
    const matches = matchRoutes(child, labels);
    taken.push(...matches);
    if (matches.length > 0 && !child.continue) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** The labels that an alert shares with its group on this route. */
export function groupLabels(route: Route, labels: Labels): Labels {
  return route.groupByAll ? labels : labels.keep(route.groupBy);
}

/** A text that alerts share exactly when they share their group on this route. */
export function groupPlace({ id, groupBy, groupByAll }: Route, { flat }: Labels): string {
  let place = id;
  for (let i = 0; i < flat.length; i += 2)
    if (groupByAll || groupBy.includes(flat[i]!))
      place += LABEL_SEPARATOR + flat[i] + LABEL_SEPARATOR + flat[i + 1];
  return place;
}
