import type { Milliseconds } from '../../core/index.ts';
import type { RouterAlert } from './answers.ts';
import type { CounterVerdict } from './counters.ts';

/** An alert that has fired for so long is told again at its repeat interval alone: twice the usual group_interval. */
const SETTLED_MS: Milliseconds = 600_000;

export interface OtherAlerts {
  /** Those that the router had before the page and has now. */
  readonly before: readonly RouterAlert[];
  readonly now: readonly RouterAlert[];
  readonly wanted: readonly string[];
  /** The page. */
  readonly own: RouterAlert;
  readonly at: Milliseconds;
}

/** An arrival that was counted, doubted where another alert of the same receivers may have been what was counted. */
export function withOthers(
  counted: CounterVerdict,
  { before, now, wanted, own, at }: OtherAlerts,
): CounterVerdict {
  const others = (alerts: readonly RouterAlert[]) =>
    alerts.filter(
      ({ fingerprint, receivers }) =>
        fingerprint !== own.fingerprint && receivers.some(({ name }) => wanted.includes(name)),
    );
  const had = new Set(before.map(({ fingerprint }) => fingerprint));
  const has = new Set(now.map(({ fingerprint }) => fingerprint));
  const isSettled = (alert: RouterAlert) =>
    had.has(alert.fingerprint) && at - Date.parse(alert.startsAt) > SETTLED_MS;
  const unsettled = [
    ...others(now).filter(alert => !isSettled(alert)),
    ...others(before).filter(({ fingerprint }) => !has.has(fingerprint)),
  ];
  if (unsettled.length > 0)
    return {
      kind: 'unknown',
      reason: `${counted.reason}, which may be of another alert: ${unsettled.length} began or ended lately`,
    };
  const steady = others(now).length;
  return steady === 0
    ? counted
    : { ...counted, reason: `${counted.reason}, unless it repeated one of ${steady} others` };
}
