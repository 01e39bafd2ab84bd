import { type Clock, goQuote, type Labels, type Milliseconds, type Timer } from '../core/index.ts';
import { type Alert, compareAlerts, resolvedAt } from './alert.ts';
import { FlushEnded } from './pipeline/retry.ts';
import type { Route } from './route.ts';

/** A flush may take at least this long, however short the group interval (Alertmanager's notify.MinTimeout). */
const MIN_FLUSH_TIME: Milliseconds = 10_000;

/** What a group hands to the pipeline at one instant. */
export interface Flush {
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly route: Route;
  /** At least one, in the order of notifications. */
  readonly alerts: readonly Alert[];
  /** Decides, for the whole of the flush, what is resolved. */
  readonly now: Milliseconds;
  /** Aborted with a `FlushEnded` when the flush's time is over. */
  readonly signal: AbortSignal;
  /** Told the names of the times by which the group is muted; of none when it is not. */
  mark(mutedBy: readonly string[]): void;
}

export interface GroupOptions {
  readonly route: Route;
  readonly labels: Labels;
  readonly clock: Clock;
  /** True when everyone who was to be told has been. Does not throw. */
  readonly flush: (flush: Flush) => Promise<boolean>;
  /** Told of resolved alerts that leave the group after a flush that succeeded. */
  readonly onSettled: (fingerprints: readonly string[]) => void;
  /** The group is empty and will not be used again. */
  readonly onEmpty: () => void;
}

/** Alerts of one route that share their group labels and are notified together. */
export interface AggregationGroup {
  readonly id: string;
  readonly key: string;
  readonly route: Route;
  readonly labels: Labels;
  readonly alerts: ReadonlyMap<string, Alert>;
  /** Fingerprints that a flush has looked at. */
  readonly processed: ReadonlySet<string>;
  /** By which times the last flush found it muted. */
  readonly mutedBy: readonly string[];
  /** Whether it has been looked at. */
  readonly hasFlushed: boolean;
  /** When it will be looked at next; undefined before it is started. */
  readonly nextFlush: Milliseconds | undefined;
  insert(alert: Alert): void;
  /** Starts the clock: group_wait from now, or at once. */
  start(delay: Milliseconds): void;
  /** Ends a running flush and waits for it. */
  stop(): Promise<void>;
}

/** `{}/{severity="page"}:{alertname="X", service="y"}`, byte for byte as Alertmanager writes it. */
export function groupKeyOf(routeKey: string, labels: Labels): string {
  return `${routeKey}:{${[...labels].map(([name, value]) => `${name}=${goQuote(value)}`).join(', ')}}`;
}

export function createAggregationGroup(options: GroupOptions): AggregationGroup {
  const { route, labels, clock } = options;
  const alerts = new Map<string, Alert>();
  const processed = new Set<string>();
  const key = groupKeyOf(route.key, labels);
  let timer: Timer | undefined;
  let hasFlushed = false;
  let nextFlush: Milliseconds | undefined;
  let mutedBy: readonly string[] = [];
  let ended = false;
  let tickedDuringFlush = false;
  let flushing: Promise<void> | undefined;
  let abort: ((end: FlushEnded) => void) | undefined;

  function schedule(delay: Milliseconds): void {
    nextFlush = clock.now() + delay;
    timer = clock.after(delay, () => {
      if (flushing) tickedDuringFlush = true;
      else flushing = flushUntilQuiet().finally(() => (flushing = undefined));
    });
  }

  /** A tick that fell into a flush is made up for right after it; several count once. */
  async function flushUntilQuiet(): Promise<void> {
    do {
      tickedDuringFlush = false;
      schedule(route.groupInterval);
      await flushOnce();
    } while (tickedDuringFlush && !ended);
  }

  async function flushOnce(): Promise<void> {
    hasFlushed = true;
    const now = clock.now();
    const list = [...alerts.values()].sort(compareAlerts);
    const controller = new AbortController();
    abort = end => controller.abort(end);
    const limit = clock.after(Math.max(route.groupInterval, MIN_FLUSH_TIME), () =>
      controller.abort(new FlushEnded('the time for this notification is over', 'contextDeadlineExceeded')),
    );
    for (const { fingerprint } of list) processed.add(fingerprint);
    const { signal } = controller;
    const told = await options.flush({
      groupKey: key,
      groupLabels: labels,
      route,
      alerts: list,
      now,
      signal,
      mark: names => {
        mutedBy = names;
      },
    });
    limit.cancel();
    if (told && !ended) dropResolved(list, now);
  }

  /** An alert that was heard of again during the flush stays. */
  function dropResolved(list: readonly Alert[], now: Milliseconds): void {
    const settled = list.filter(alert => resolvedAt(alert, now) && alerts.get(alert.fingerprint) === alert);
    for (const { fingerprint } of settled) {
      alerts.delete(fingerprint);
      processed.delete(fingerprint);
    }
    if (settled.length > 0) options.onSettled(settled.map(alert => alert.fingerprint));
    if (alerts.size > 0) return;
    ended = true;
    timer?.cancel();
    options.onEmpty();
  }

  return {
    id: groupKeyOf(route.id, labels),
    key,
    route,
    labels,
    alerts,
    processed,
    get mutedBy() {
      return mutedBy;
    },
    get hasFlushed() {
      return hasFlushed;
    },
    get nextFlush() {
      return nextFlush;
    },
    insert: alert => void alerts.set(alert.fingerprint, alert),
    start: schedule,
    async stop() {
      ended = true;
      timer?.cancel();
      abort?.(new FlushEnded('the router is stopping', 'contextCanceled'));
      await flushing;
    },
  };
}
