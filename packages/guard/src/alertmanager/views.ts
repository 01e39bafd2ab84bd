import {
  compareStrings,
  compileRegexp,
  type Labels,
  type Milliseconds,
  messageOf,
  UserError,
} from '../core/index.ts';
import { type Alert, compareAlerts, compareLabelSets } from './alert.ts';
import type { ReceiverConfig } from './config.ts';
import type { Dispatcher } from './dispatcher.ts';
import { matchesAll, parseMatcher } from './matchers.ts';
import { matchRoutes, type Route } from './route.ts';
import type { RenderRouteLabels } from './route-labels.ts';
import type { Routing } from './routing.ts';
import type { Silences } from './silences.ts';

export type AlertState = 'unprocessed' | 'active' | 'suppressed';

type Pairs = Record<string, string>;

/** An alert as `GET /api/v2/alerts` gives it, ready for JSON. */
export interface AlertView {
  readonly annotations: Pairs;
  readonly endsAt: string;
  readonly fingerprint: string;
  readonly receivers: ReadonlyArray<{ readonly name: string }>;
  readonly startsAt: string;
  readonly status: {
    readonly inhibitedBy: readonly string[];
    /** Times that mute the group, as its last flush found; empty outside of groups. */
    readonly mutedBy: readonly string[];
    readonly silencedBy: readonly string[];
    readonly state: AlertState;
  };
  readonly updatedAt: string;
  readonly generatorURL?: string;
  readonly labels: Pairs;
}

/** A group as `GET /api/v2/alerts/groups` gives it. */
export interface GroupView {
  readonly alerts: readonly AlertView[];
  readonly labels: Pairs;
  readonly receiver: { readonly name: string };
  readonly routeLabels: Pairs;
}

/** The query parameters of both; what is missing shows everything. */
export interface AlertFilter {
  /** Matchers as text; all must hold. */
  readonly filter?: readonly string[];
  /** A regular expression for the receiver's whole name. */
  readonly receiver?: string;
  /** Matchers on the receiver's labels. */
  readonly receiverMatchers?: readonly string[];
  readonly active?: boolean;
  readonly silenced?: boolean;
  readonly inhibited?: boolean;
  /** Of groups: those that times mute. */
  readonly muted?: boolean;
  /** Only the alert that has it. */
  readonly fingerprint?: string;
}

export interface RouterState {
  readonly now: Milliseconds;
  readonly alerts: Iterable<Alert>;
  readonly routing: Routing;
  readonly silences: Pick<Silences, 'silencedBy'>;
}

export interface ViewSources {
  readonly now: Milliseconds;
  readonly alerts: Iterable<Alert>;
  readonly root: Route;
  readonly dispatcher: Dispatcher;
  readonly receivers: readonly ReceiverConfig[];
  readonly renderRouteLabels: RenderRouteLabels;
  readonly inhibitedBy: (labels: Labels) => readonly string[];
  readonly silencedBy: (labels: Labels) => readonly string[];
}

/** What views read, as it is at `now`. */
export function viewSources({ now, alerts, routing, silences }: RouterState): ViewSources {
  const { root, dispatcher, inhibitor, config, renderRouteLabels } = routing;
  const inhibitedBy = (labels: Labels) => {
    const source = inhibitor.inhibitedBy(labels, now);
    return source === undefined ? [] : [source];
  };
  const silencedBy = (labels: Labels) => silences.silencedBy(labels, now);
  return {
    now,
    alerts,
    root,
    dispatcher,
    receivers: config.receivers,
    renderRouteLabels,
    inhibitedBy,
    silencedBy,
  };
}

/** Sorted by fingerprint; resolved alerts are left out. @throws UserError `bad-matcher`, `bad-regexp`, `bad-parameter` */
export function viewAlerts(sources: ViewSources, filter: AlertFilter): AlertView[] {
  const shows = compileFilter(sources, filter);
  const views: AlertView[] = [];
  const { fingerprint } = filter;
  for (const alert of sources.alerts) {
    if (fingerprint !== undefined && alert.fingerprint !== fingerprint) continue;
    const receivers = matchRoutes(sources.root, alert.labels).map(route => route.receiver);
    if (!shows.anyReceiver(receivers)) continue;
    const view = shows.alert(alert, receivers);
    if (view) views.push(view);
  }
  return views.sort((a, b) => compareStrings(a.fingerprint, b.fingerprint));
}

/** Sorted by labels, then receiver; groups without shown alerts are left out. @throws as `viewAlerts` */
export function viewGroups(sources: ViewSources, filter: AlertFilter): GroupView[] {
  const { muted = true } = filter;
  const shows = compileFilter(sources, filter);
  const groups = sources.dispatcher.groups().filter(group => shows.anyReceiver([group.route.receiver]));
  const receiversOf = new Map<string, string[]>();
  for (const { alerts, route } of groups)
    for (const fingerprint of alerts.keys())
      receiversOf.set(
        fingerprint,
        [...(receiversOf.get(fingerprint) ?? []), route.receiver].sort(compareStrings),
      );
  return groups
    .filter(({ mutedBy }) => muted || mutedBy.length === 0)
    .toSorted(
      (a, b) => compareLabelSets(a.labels, b.labels) || compareStrings(a.route.receiver, b.route.receiver),
    )
    .map(group => ({
      alerts: [...group.alerts.values()]
        .sort(compareAlerts)
        .map(alert => shows.alert(alert, receiversOf.get(alert.fingerprint)!, group.mutedBy))
        .filter(view => view !== undefined),
      labels: group.labels.toObject(),
      receiver: { name: group.route.receiver },
      routeLabels: sources.renderRouteLabels({
        route: group.route,
        groupKey: group.key,
        groupLabels: group.labels,
        alerts: [...group.alerts.values()],
        now: sources.now,
      }),
    }))
    .filter(group => group.alerts.length > 0);
}

/** The receivers that a filter names. @throws UserError `bad-parameter` in Alertmanager's words */
export function wantedReceivers(
  receivers: readonly ReceiverConfig[],
  { receiver, receiverMatchers = [] }: AlertFilter,
): ReceiverConfig[] {
  // The whole is what Alertmanager compiles and names.
  const named = parameter('receiver', () =>
    receiver === undefined ? undefined : compileRegexp(`^(?:${receiver})$`),
  );
  const matchers = parameter('receiver_matchers', () => receiverMatchers.map(parseMatcher));
  return receivers.filter(
    ({ name, labels }) => (!named || named.matcher(name).find()) && matchesAll(matchers, labels),
  );
}

/** Says which parameter could not be read. */
function parameter<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const why = error.cause === undefined ? error.problems[0]!.message : messageOf(error.cause);
    throw new UserError('bad-parameter', `failed to parse ${name} param: ${why}`);
  }
}

function compileFilter(sources: ViewSources, filter: AlertFilter) {
  const { active = true, silenced = true, inhibited = true } = filter;
  const matchers = (filter.filter ?? []).map(parseMatcher);
  const wanted = new Set(wantedReceivers(sources.receivers, filter).map(({ name }) => name));

  function alert(
    each: Alert,
    receivers: readonly string[],
    mutedBy: readonly string[] = [],
  ): AlertView | undefined {
    if (each.endsAt < sources.now || !matchesAll(matchers, each.labels)) return undefined;
    const silencedBy = sources.silencedBy(each.labels);
    const inhibitedBy = sources.inhibitedBy(each.labels);
    const suppressed = silencedBy.length + inhibitedBy.length > 0;
    if (!active && !suppressed) return undefined;
    if ((!silenced && silencedBy.length > 0) || (!inhibited && inhibitedBy.length > 0)) return undefined;
    return alertView(each, receivers, {
      inhibitedBy,
      mutedBy,
      silencedBy,
      state: suppressed || mutedBy.length > 0 ? 'suppressed' : 'active',
    });
  }

  return { alert, anyReceiver: (receivers: readonly string[]) => receivers.some(name => wanted.has(name)) };
}

function alertView(alert: Alert, receivers: readonly string[], status: AlertView['status']): AlertView {
  const text = (at: Milliseconds) => new Date(at).toISOString();
  return {
    annotations: alert.annotations.toObject(),
    endsAt: text(alert.endsAt),
    fingerprint: alert.fingerprint,
    receivers: receivers.map(name => ({ name })),
    startsAt: text(alert.startsAt),
    status,
    updatedAt: text(alert.updatedAt),
    ...(alert.generatorUrl !== '' && { generatorURL: alert.generatorUrl }),
    labels: alert.labels.toObject(),
  };
}

/** Firing alerts by what the last flush that saw them found; those that no flush has seen are unprocessed. */
export function countByState(sources: ViewSources): Record<AlertState, number> {
  const counts = { active: 0, suppressed: 0, unprocessed: 0 };
  const processed = new Set(sources.dispatcher.groups().flatMap(group => [...group.processed]));
  for (const alert of sources.alerts) {
    if (alert.endsAt <= sources.now) continue;
    const muted = sources.silencedBy(alert.labels).length + sources.inhibitedBy(alert.labels).length > 0;
    counts[processed.has(alert.fingerprint) ? (muted ? 'suppressed' : 'active') : 'unprocessed']++;
  }
  return counts;
}
