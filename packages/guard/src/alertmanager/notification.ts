import type { Labels, Milliseconds } from '../core/index.ts';
import { type Alert, resolvedAt } from './alert.ts';
import type { NotifyReason } from './pipeline/dedupe.ts';

/** What a receiver is to be told, before it is put into the receiver's own format. */
export interface Notification {
  readonly receiver: string;
  /** At least one, in order. */
  readonly alerts: readonly Alert[];
  readonly reason: NotifyReason;
  readonly groupLabels: Labels;
  /** With their templates expanded. */
  readonly routeLabels: Record<string, string>;
  readonly groupKey: string;
  readonly externalUrl: string;
  /** The instant of the flush, which decides what is resolved. */
  readonly now: Milliseconds;
}

/** `resolved` when all of them are. */
export const statusOf = (alerts: readonly Alert[], now: Milliseconds): 'firing' | 'resolved' =>
  alerts.every(alert => resolvedAt(alert, now)) ? 'resolved' : 'firing';

/** The pairs that all sets share. */
export function commonPairs([first, ...others]: readonly Labels[]): Record<string, string> {
  if (!first) return {};
  const shared = [...first].filter(([name, value]) => others.every(each => each.get(name) === value));
  return Object.fromEntries(shared);
}
