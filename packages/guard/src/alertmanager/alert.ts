import { compareStrings, type Labels, type Milliseconds } from '../core/index.ts';

/** One alert as the router holds it; never changed, only replaced. */
export interface Alert {
  /** Of the labels, 16 hexadecimal digits; what tells alerts apart. */
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly generatorUrl: string;
  readonly startsAt: Milliseconds;
  /** In the past: resolved. */
  readonly endsAt: Milliseconds;
  /** When it was last heard of. */
  readonly updatedAt: Milliseconds;
  /** Whether `endsAt` was made up because the sender gave none. */
  readonly timeout: boolean;
}

export const resolvedAt = (alert: Alert, now: Milliseconds): boolean => alert.endsAt <= now;

/**
 * What is known after hearing `update` about `known`, the same labels: the two are one alert when their spans
 * overlap, else the update replaces it (Alertmanager's provider/mem and alert.Merge).
 */
export function mergeAlerts(known: Alert, update: Alert, now: Milliseconds): Alert {
  const overlap =
    (update.endsAt > known.startsAt && update.endsAt < known.endsAt) ||
    (update.startsAt > known.startsAt && update.startsAt < known.endsAt);
  if (!overlap) return update;
  const [older, younger] = update.updatedAt < known.updatedAt ? [update, known] : [known, update];
  return {
    ...younger,
    startsAt: Math.min(older.startsAt, younger.startsAt),
    endsAt: mergedEnd(older, younger, now),
  };
}

function mergedEnd(older: Alert, younger: Alert, now: Milliseconds): Milliseconds {
  if (older.endsAt <= younger.endsAt) return younger.endsAt;
  // Of two resolutions the later holds; an end that a sender gave outlasts an earlier one of a firing alert.
  const olderHolds = resolvedAt(younger, now) ? resolvedAt(older, now) : !older.timeout;
  return olderHolds ? older.endsAt : younger.endsAt;
}

/** The order of alerts in a notification: by job, by instance, then by label sets, smaller sets first. */
export function compareAlerts(a: Alert, b: Alert): number {
  for (const name of ['job', 'instance']) {
    const [x, y] = [a.labels.get(name), b.labels.get(name)];
    if (x === y) continue;
    if (x === '') return 1;
    if (y === '') return -1;
    return compareStrings(x, y);
  }
  return compareLabelSets(a.labels, b.labels);
}

/** prometheus/common's LabelSet.Before as a comparison. */
export function compareLabelSets(a: Labels, b: Labels): number {
  if (a.size !== b.size) return a.size - b.size;
  const names = [...new Set([...a, ...b].map(([name]) => name))].sort(compareStrings);
  for (const name of names) {
    const [x, y] = [a.get(name), b.get(name)];
    if (x === y) continue;
    if (x === '') return -1;
    if (y === '') return 1;
    return compareStrings(x, y);
  }
  return 0;
}
