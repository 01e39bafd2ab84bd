import { type Clock, type Logger, type Milliseconds, startTicker, type Ticker } from '../core/index.ts';
import type { AlertStore } from './alert-store.ts';
import type { NotificationLog } from './notification-log.ts';
import type { Routing } from './routing.ts';
import type { Silences } from './silences.ts';
import type { StateStore } from './state-store.ts';

/** Alertmanager's `--data.maintenance-interval` default. */
const MAINTENANCE_INTERVAL: Milliseconds = 900_000;

export interface MaintenanceOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly routing: () => Routing;
  readonly store: AlertStore;
  readonly log: NotificationLog;
  readonly silences: Silences;
  readonly state: StateStore;
}

/** Forgets resolved alerts, old log entries, old silences and attempts of groups that are gone, again and again. */
export function startMaintenance(options: MaintenanceOptions): Ticker {
  const { clock, logger } = options;
  return startTicker(clock, {
    interval: MAINTENANCE_INTERVAL,
    offset: 0,
    onTick: () => collectGarbage(options, clock.now()),
    onError: error => logger.error({ error }, 'maintenance of the alert router failed'),
  });
}

function collectGarbage(options: MaintenanceOptions, now: Milliseconds): void {
  const { store, log, silences, state } = options;
  const { dispatcher, inhibitor } = options.routing();
  const groups = dispatcher.groups();
  const held = new Set(groups.flatMap(group => [...group.alerts.keys()]));
  const groupKeys = new Set(groups.map(group => group.key));
  store.collectGarbage(now, fingerprint => held.has(fingerprint));
  inhibitor.collectGarbage(now);
  const entries = log.collectGarbage(now);
  const ids = silences.collectGarbage(now);
  const attempts = log.dropInterrupted(groupKey => groupKeys.has(groupKey));
  if (attempts.length > 0) state.endAttempts(attempts);
  if (entries.length > 0) state.removeLogEntries(entries);
  if (ids.length > 0) state.removeSilences(ids);
}
