/**
 * What the router makes of alerts, silences and time, as Alertmanager's documentation and code have it, written down
 * a second time: a pure model for `router-model.test.ts`. One route, grouped by `service`. Times in milliseconds.
 */

export interface ModelSettings {
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
  readonly sendResolved: boolean;
  readonly resolveTimeout: number;
}

export interface ModelAlert {
  readonly name: string;
  readonly service: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** When it was last heard of. */
  readonly heardAt: number;
  /** Whether the end was made up. */
  readonly madeUp: boolean;
}

interface ModelEntry {
  readonly at: number;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

export interface ModelSilence {
  readonly label: 'alertname' | 'service';
  readonly value: string;
  readonly from: number;
  readonly until: number;
}

export interface ModelRouter {
  readonly settings: ModelSettings;
  readonly alerts: Map<string, ModelAlert>;
  /** Resolved alerts that have left their group for good. */
  readonly settled: Set<string>;
  /** By service: who is in the group, and when it is looked at next. */
  readonly groups: Map<string, { readonly members: Set<string>; nextFlush: number }>;
  readonly log: Map<string, ModelEntry>;
  readonly silences: ModelSilence[];
  /** Whether the receiver refuses what it is told. */
  refuses: boolean;
}

/** `service: firing A B, resolved C (reason)`, and whether it was taken. */
export type ModelTelling = readonly [at: number, text: string, taken: boolean];

const MAINTENANCE = 900_000;

export const createModel = (settings: ModelSettings): ModelRouter => ({
  settings,
  alerts: new Map(),
  settled: new Set(),
  groups: new Map(),
  log: new Map(),
  silences: [],
  refuses: false,
});

const keyOf = ({ name, service }: Pick<ModelAlert, 'name' | 'service'>) => `${name}/${service}`;
const isOver = (end: number, now: number) => end <= now;

/** Firing, as posted now: its end is `until`, or made up. */
export function fire(
  model: ModelRouter,
  id: Pick<ModelAlert, 'name' | 'service'>,
  until: number | undefined,
  now: number,
): void {
  const known = model.alerts.get(keyOf(id));
  const posted = {
    ...id,
    startsAt: now,
    endsAt: until ?? now + model.settings.resolveTimeout,
    heardAt: now,
    madeUp: until === undefined,
  };
  const stillFires = known && !isOver(known.endsAt, now) && known.startsAt < now;
  hear(model, stillFires ? merge(known, posted) : (later(known, posted, now) ?? posted), now);
}

/** The end that lies later holds, unless it was made up. */
function merge(known: ModelAlert, posted: ModelAlert): ModelAlert {
  const keeps = known.endsAt > posted.endsAt && !known.madeUp;
  return { ...posted, startsAt: known.startsAt, endsAt: keeps ? known.endsAt : posted.endsAt };
}

/** Of two that begin at one instant, the one that ends earlier lies within the other. */
function later(known: ModelAlert | undefined, posted: ModelAlert, now: number): ModelAlert | undefined {
  if (!known || isOver(known.endsAt, now) || known.startsAt !== posted.startsAt) return undefined;
  return posted.endsAt < known.endsAt ? merge(known, posted) : posted;
}

export function resolve(model: ModelRouter, id: Pick<ModelAlert, 'name' | 'service'>, now: number): number {
  const startsAt = model.alerts.get(keyOf(id))?.startsAt ?? now;
  hear(model, { ...id, startsAt, endsAt: now, heardAt: now, madeUp: false }, now);
  return startsAt;
}

function hear(model: ModelRouter, alert: ModelAlert, now: number): void {
  model.alerts.set(keyOf(alert), alert);
  model.settled.delete(keyOf(alert));
  enter(model, alert, now);
}

function enter({ groups, settings }: ModelRouter, alert: ModelAlert, now: number): void {
  const known = groups.get(alert.service);
  if (known) known.members.add(keyOf(alert));
  else {
    const waited = alert.startsAt + settings.groupWait < now;
    const nextFlush = waited ? now : now + settings.groupWait;
    groups.set(alert.service, { members: new Set([keyOf(alert)]), nextFlush });
  }
}

/** Everything that is told up to `until`. */
export function advance(model: ModelRouter, from: number, until: number): ModelTelling[] {
  const told: ModelTelling[] = [];
  let now = from;
  for (;;) {
    const [service, group] = [...model.groups].sort(([, a], [, b]) => a.nextFlush - b.nextFlush)[0] ?? [];
    const maintenance = (Math.floor(now / MAINTENANCE) + 1) * MAINTENANCE;
    const next = Math.min(group?.nextFlush ?? Number.POSITIVE_INFINITY, maintenance);
    if (next > until) return told;
    now = next;
    if (next === maintenance) forget(model, now);
    else told.push(...flush(model, service!, now));
  }
}

/** Entries of the log are kept for two repeat intervals. */
function forget({ log, settings }: ModelRouter, now: number): void {
  for (const [service, { at }] of log) if (at + 2 * settings.repeatInterval <= now) log.delete(service);
}

function flush(model: ModelRouter, service: string, now: number): ModelTelling[] {
  const { alerts, groups, settings } = model;
  const group = groups.get(service)!;
  group.nextFlush = now + settings.groupInterval;
  const members = [...group.members].sort().map(key => alerts.get(key)!);
  const audible = members.filter(alert => !isSilenced(model, alert, now));
  const told = audible.length === 0 ? [] : tell(model, service, audible, now);
  if (told.some(([, , taken]) => !taken)) return told;
  for (const alert of members.filter(({ endsAt }) => isOver(endsAt, now))) {
    group.members.delete(keyOf(alert));
    model.settled.add(keyOf(alert));
  }
  if (group.members.size === 0) groups.delete(service);
  return told;
}

export const isSilenced = (
  { silences }: ModelRouter,
  { name, service }: Pick<ModelAlert, 'name' | 'service'>,
  now: number,
): boolean =>
  silences.some(
    ({ label, value, from, until }) =>
      value === (label === 'service' ? service : name) && from <= now && now < until,
  );

function tell(
  { log, settings, refuses }: ModelRouter,
  service: string,
  audible: readonly ModelAlert[],
  now: number,
): ModelTelling[] {
  const names = (over: boolean) =>
    audible.filter(({ endsAt }) => isOver(endsAt, now) === over).map(({ name }) => name);
  const [firing, resolved] = [names(false), names(true)];
  const reason = reasonFor(log.get(service), firing, resolved, settings, now);
  if (!reason) return [];
  const shown = settings.sendResolved ? resolved : [];
  const parts = [...list('firing', firing), ...list('resolved', shown)];
  const telling = [now, `${service}: ${parts.join(', ')} (${reason})`, !refuses] as const;
  if (parts.length === 0 || !refuses) log.set(service, { at: now, firing, resolved });
  return parts.length === 0 ? [] : [telling];
}

const list = (status: string, names: readonly string[]) =>
  names.length > 0 ? [`${status} ${names.join(' ')}`] : [];

function reasonFor(
  entry: ModelEntry | undefined,
  firing: readonly string[],
  resolved: readonly string[],
  { sendResolved, repeatInterval }: ModelSettings,
  now: number,
): string | undefined {
  const knewNone = !entry || entry.firing.length === 0;
  if (firing.some(name => !entry?.firing.includes(name)))
    return knewNone ? 'first notification' : 'new alerts added';
  if (firing.length === 0) return knewNone ? undefined : 'all alerts resolved';
  if (sendResolved && resolved.some(name => !entry!.resolved.includes(name))) return 'some alerts resolved';
  return now - entry!.at > repeatInterval ? 'repeat interval elapsed' : undefined;
}

/** Alerts, silences and the log stay; groups begin anew with what has not left them for good. */
export function restart(model: ModelRouter, now: number): void {
  model.groups.clear();
  for (const [key, alert] of model.alerts) {
    if (model.settled.has(key)) continue;
    // An end that passed without news while it was away: nobody could say that it had resolved.
    const ranOut = isOver(alert.endsAt, now) && alert.endsAt > alert.heardAt;
    if (!ranOut) continue;
    model.alerts.set(key, { ...alert, endsAt: now + model.settings.resolveTimeout, madeUp: true });
  }
  const open = [...model.alerts].filter(([key]) => !model.settled.has(key)).map(([, alert]) => alert);
  for (const alert of open) enter(model, alert, now);
  for (const [service, group] of model.groups) {
    const waited = open.some(
      alert => alert.service === service && alert.startsAt + model.settings.groupWait < now,
    );
    group.nextFlush = waited ? now : now + model.settings.groupWait;
  }
}
