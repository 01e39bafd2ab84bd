import type { Milliseconds } from '../../core/index.ts';
import type { LogEntry } from '../notification-log.ts';

/** Alertmanager's words for why a notification is sent. */
export type NotifyReason =
  | 'first notification'
  | 'new alerts added'
  | 'some alerts resolved'
  | 'all alerts resolved'
  | 'repeat interval elapsed';

/** Why nothing is sent. */
export type QuietReason =
  | 'resolved before it was ever sent'
  | 'resolve already sent'
  | 'already sent, repeat interval not elapsed';

export type DedupeDecision =
  | { readonly send: true; readonly reason: NotifyReason }
  | { readonly send: false; readonly reason: QuietReason };

export interface DedupeInput {
  /** What the receiver was last told about the group. */
  readonly entry: LogEntry | undefined;
  /** A crash cut the last notification short: the receiver may know of alerts that the entry does not name. */
  readonly interrupted: boolean;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly sendResolved: boolean;
  readonly repeatInterval: Milliseconds;
  readonly now: Milliseconds;
}

const send = (reason: NotifyReason): DedupeDecision => ({ send: true, reason });
const stayQuiet = (reason: QuietReason): DedupeDecision => ({ send: false, reason });
const isSubset = (part: readonly string[], whole: readonly string[]) => {
  const set = new Set(whole);
  return part.every(each => set.has(each));
};

/** Whether the receiver must be told, from what it was told last (Alertmanager's notify/dedup_stage.go). */
export function dedupe(input: DedupeInput): DedupeDecision {
  const { entry, interrupted, firing, resolved, sendResolved, repeatInterval, now } = input;
  if (interrupted && firing.length === 0) return send('all alerts resolved');
  if (!entry)
    return firing.length > 0 ? send('first notification') : stayQuiet('resolved before it was ever sent');
  if (!isSubset(firing, entry.firing))
    return send(entry.firing.length === 0 ? 'first notification' : 'new alerts added');
  if (firing.length === 0)
    return entry.firing.length > 0 ? send('all alerts resolved') : stayQuiet('resolve already sent');
  if (sendResolved && !isSubset(resolved, entry.resolved)) return send('some alerts resolved');
  // Strictly before: a repeat interval that is a multiple of the group interval comes one tick later.
  if (entry.at < now - repeatInterval) return send('repeat interval elapsed');
  return stayQuiet('already sent, repeat interval not elapsed');
}
