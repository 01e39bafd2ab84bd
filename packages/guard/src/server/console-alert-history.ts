import type { Alertmanager } from '../alertmanager/index.ts';
import type { AlertHistoryAnswer } from './console-types.ts';

/** What the router holds and remembers of an alert; undefined where that is nothing. */
export function alertHistory(
  router: Pick<Alertmanager, 'alerts' | 'historyOf' | 'waitsOf'>,
  fingerprint: string,
): AlertHistoryAnswer | undefined {
  const [alert] = router.alerts({ fingerprint });
  const decisions = router.historyOf(fingerprint).toReversed();
  if (!alert && decisions.length === 0) return undefined;
  return {
    fingerprint,
    alert: alert
      ? {
          labels: { ...alert.labels },
          startsAt: Date.parse(alert.startsAt),
          receivers: alert.receivers.map(({ name }) => name),
        }
      : null,
    decisions: decisions.map(({ answer = null, ...decision }) => ({ ...decision, answer })),
    waits: router.waitsOf(fingerprint).map(({ until = null, ...wait }) => ({ ...wait, until })),
  };
}
