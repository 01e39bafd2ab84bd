import type {
  AlertHistoryAnswer,
  AlertsAnswer,
  BurnAnswer,
  NotificationsAnswer,
  SlosAnswer,
  TraceAnswer,
  TracesAnswer,
} from '../../../guard/src/server/console-types.ts';
import { type Polled, usePolled } from './polling.ts';

/** What moves when a service burns is asked for often; what is read at leisure is not. */
const LIVE_MS = 2000;
const CHART_MS = 3000;
const LISTS_MS = 4000;

export const useSlos = (): Polled<SlosAnswer> => usePolled('/api/slos', LIVE_MS);
export const useAlerts = (): Polled<AlertsAnswer> => usePolled('/api/alerts', LIVE_MS);
/** What the router decided about one alert. */
export const useAlertHistory = (fingerprint: string): Polled<AlertHistoryAnswer> =>
  usePolled(`/api/alerts/${encodeURIComponent(fingerprint)}/history`, LIVE_MS);
export const useNotifications = (): Polled<NotificationsAnswer> =>
  usePolled('/api/notifications?limit=20', LISTS_MS);
export const useTraces = (): Polled<TracesAnswer> => usePolled('/api/traces?limit=20', LISTS_MS);

/** One trace; asked for again because spans of slow services arrive late. */
export const useTrace = (traceId: string): Polled<TraceAnswer> =>
  usePolled(`/api/traces/${encodeURIComponent(traceId)}`, LISTS_MS);

/** Burn rates of the given windows over the last `minutes`. */
export function useBurn(
  service: string,
  slo: string,
  windows: string[],
  minutes: number,
): Polled<BurnAnswer> {
  const path = `/api/slos/${encodeURIComponent(service)}/${encodeURIComponent(slo)}/burn`;
  return usePolled(
    `${path}?windows=${windows.map(encodeURIComponent).join(',')}&minutes=${minutes}`,
    CHART_MS,
  );
}
