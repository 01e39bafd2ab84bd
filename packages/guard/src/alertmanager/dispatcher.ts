import type { Clock } from '../core/index.ts';
import {
  type AggregationGroup,
  createAggregationGroup,
  type Flush,
  groupKeyOf,
} from './aggregation-group.ts';
import type { Alert } from './alert.ts';
import { groupLabels, groupPlace, matchRoutes, type Route } from './route.ts';

export interface DispatcherOptions {
  readonly root: Route;
  readonly clock: Clock;
  readonly flush: (flush: Flush) => Promise<boolean>;
  readonly onSettled: (fingerprints: readonly string[], groupId: string) => void;
}

/** Sorts alerts into aggregation groups by route and group labels. */
export interface Dispatcher {
  /** Into every group that its routes give it, but those whose id is in `settled`. */
  dispatch(alert: Alert, settled?: ReadonlySet<string>): void;
  groups(): readonly AggregationGroup[];
  /** Groups made before this wait for it. */
  start(): void;
  stop(): Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { root, clock } = options;
  /** By route and group labels. */
  const groups = new Map<string, AggregationGroup>();
  let running = false;
  let stopped = false;

  function insert(alert: Alert, route: Route, settled: ReadonlySet<string> | undefined): void {
    const place = groupPlace(route, alert.labels);
    const known = groups.get(place);
    if (known) {
      if (!settled?.has(known.id)) known.insert(alert);
      return;
    }
    const labels = groupLabels(route, alert.labels);
    const id = groupKeyOf(route.id, labels);
    if (settled?.has(id)) return;
    const group = createAggregationGroup({
      route,
      labels,
      clock,
      flush: options.flush,
      onSettled: fingerprints => options.onSettled(fingerprints, id),
      onEmpty: () => groups.delete(place),
    });
    groups.set(place, group);
    group.insert(alert);
    if (running) startGroup(group);
  }

  /** An alert that has waited long enough elsewhere, as after a restart, does not wait again. */
  function startGroup(group: AggregationGroup): void {
    const { groupWait } = group.route;
    const old = [...group.alerts.values()].some(alert => alert.startsAt + groupWait < clock.now());
    group.start(old ? 0 : groupWait);
  }

  return {
    dispatch(alert, settled) {
      if (stopped) return;
      for (const route of matchRoutes(root, alert.labels)) insert(alert, route, settled);
    },
    groups: () => [...groups.values()],
    start() {
      running = true;
      for (const group of groups.values()) startGroup(group);
    },
    async stop() {
      stopped = true;
      await Promise.all([...groups.values()].map(group => group.stop()));
    },
  };
}
