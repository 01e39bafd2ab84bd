/**
 * What becomes of the alerts of one rule, as Prometheus's documentation and code have it, written down a second time: a
 * pure model for `alert-model.test.ts`. Times in milliseconds.
 */

export interface ModelRule {
  readonly for: number;
  readonly keepFiringFor: number;
}

export interface ModelAlert {
  readonly state: 'pending' | 'firing' | 'inactive';
  readonly value: number;
  readonly activeAt: number;
  readonly firedAt: number | undefined;
  readonly resolvedAt: number | undefined;
  readonly sentAt: number;
  readonly keptSince: number | undefined;
}

/** A send: what and when, and until when it holds. */
export type ModelSend = readonly [name: string, startsAt: number, endsAt: number];

const RETENTION = 15 * 60_000;

/** One evaluation of one alert: `value` is undefined where the result lacks it. */
export function evaluate(
  rule: ModelRule,
  known: ModelAlert | undefined,
  value: number | undefined,
  at: number,
): ModelAlert | undefined {
  const alert = value === undefined ? absent(rule, known, at) : present(known, value, at);
  return alert && alert.state !== 'inactive' ? moved(rule, alert, at) : alert;
}

function present(known: ModelAlert | undefined, value: number, at: number): ModelAlert {
  if (known && known.state !== 'inactive') return { ...known, value, keptSince: undefined };
  const none = { firedAt: undefined, resolvedAt: undefined, keptSince: undefined };
  return { state: 'pending', value, activeAt: at, sentAt: -Infinity, ...none };
}

function absent(
  { keepFiringFor }: ModelRule,
  known: ModelAlert | undefined,
  at: number,
): ModelAlert | undefined {
  if (!known || known.state === 'pending') return undefined;
  if (known.state === 'inactive') return at - known.resolvedAt! > RETENTION ? undefined : known;
  const keptSince = known.keptSince ?? at;
  if (keepFiringFor > 0 && at - keptSince < keepFiringFor) return { ...known, keptSince };
  return { ...known, state: 'inactive', resolvedAt: at, ...(keepFiringFor > 0 && { keptSince }) };
}

function moved(rule: ModelRule, alert: ModelAlert, at: number): ModelAlert {
  const isDue = at - alert.activeAt >= rule.for;
  if (alert.state === 'pending' && isDue) return { ...alert, state: 'firing', firedAt: at };
  if (alert.state === 'firing' && !isDue)
    return { ...alert, state: 'pending', firedAt: undefined, sentAt: -Infinity, keptSince: undefined };
  return alert;
}

/** What is sent after an evaluation, and the alert with note taken of it. */
export function send(
  name: string,
  alert: ModelAlert,
  at: number,
  { resendDelay, interval }: { resendDelay: number; interval: number },
): { alert: ModelAlert; sent: ModelSend | undefined } {
  const { state, resolvedAt, sentAt } = alert;
  const isNew = resolvedAt !== undefined && resolvedAt > sentAt;
  if (state === 'pending' || !(isNew || sentAt + resendDelay < at)) return { alert, sent: undefined };
  const endsAt = resolvedAt ?? at + 4 * Math.max(resendDelay, interval);
  return { alert: { ...alert, sentAt: at }, sent: [name, alert.firedAt!, endsAt] };
}

/** What the store had last of an alert's ALERTS_FOR_STATE before a restart. */
export interface ModelStored {
  readonly at: number;
  /** In whole seconds, as milliseconds. */
  readonly activeAt: number;
  readonly isStale: boolean;
}

/** When an alert counts as active from, after a restart. */
export function restore(
  rule: ModelRule,
  alert: ModelAlert,
  stored: ModelStored | undefined,
  now: number,
  { grace, tolerance }: { grace: number; tolerance: number },
): ModelAlert {
  if (!stored || stored.isStale || stored.at < now - tolerance) return alert;
  const remaining = rule.for - (stored.at - stored.activeAt);
  if (remaining <= 0) return { ...alert, activeAt: stored.activeAt };
  if (rule.for < grace) return alert;
  if (remaining < grace) return { ...alert, activeAt: now + grace - rule.for };
  return { ...alert, activeAt: stored.activeAt + (now - stored.at) };
}
