import { compareLabels, type Milliseconds } from '../core/index.ts';
import { type Alert, mergeAlerts, resolvedAt } from './alert.ts';
import type { HeardAlerts, SavedState, StateStore } from './state-store.ts';

/** The alerts that the router knows of, and the groups that they left for good; kept on disk as they change. */
export interface AlertStore {
  all(): Iterable<Alert>;
  get(fingerprint: string): Alert | undefined;
  /** Merges what was heard at `now` into what is known; gives the alerts as they are now, and whether they are durable. */
  hear(heard: readonly Alert[], now: Milliseconds): Heard<boolean>;
  /** As `hear`; what is new waits for the disk together with what else this turn of the event loop writes. */
  hearShared(heard: readonly Alert[], now: Milliseconds): Heard<Promise<boolean>>;
  /** Ids of the groups that a resolved alert is not to enter again. */
  settledIn(fingerprint: string): ReadonlySet<string> | undefined;
  /** Resolved alerts left a group, told or found not to need telling. */
  settle(fingerprints: readonly string[], groupId: string): void;
  /** Forgets resolved alerts that no group holds. */
  collectGarbage(now: Milliseconds, isHeld: (fingerprint: string) => boolean): void;
}

export interface Heard<Durable> {
  readonly changed: readonly Alert[];
  readonly durable: Durable;
}

export interface AlertStoreOptions {
  readonly saved: Pick<SavedState, 'alerts' | 'settled'>;
  readonly state: Pick<
    StateStore,
    'saveAlerts' | 'queueAlerts' | 'hasManyRefreshes' | 'foldRefreshes' | 'settle' | 'removeAlerts'
  >;
  readonly now: Milliseconds;
  readonly resolveTimeout: Milliseconds;
}

export function createAlertStore({
  saved,
  state,
  now: openedAt,
  resolveTimeout,
}: AlertStoreOptions): AlertStore {
  const settled = new Map([...saved.settled].map(([fingerprint, ids]) => [fingerprint, new Set(ids)]));
  const alerts = new Map(saved.alerts.map(alert => [alert.fingerprint, alert]));
  let latest: Alert | undefined;
  revive();

  /**
   * An alert that was firing when it was last heard of and ran out while the router was down is not resolved:
   * nobody could say that it still fires. It gets the resolve timeout once more, and not again at each restart.
   */
  function revive(): void {
    const revived = saved.alerts
      .filter(alert => resolvedAt(alert, openedAt) && alert.endsAt > alert.updatedAt)
      .filter(({ fingerprint }) => !settled.has(fingerprint))
      .map(alert => ({ ...alert, endsAt: openedAt + resolveTimeout, timeout: true }));
    for (const alert of revived) alerts.set(alert.fingerprint, alert);
    if (revived.length > 0)
      state.saveAlerts({ written: revived, unsettled: [], refreshed: [], isNews: true });
  }

  function sortOut(changed: readonly Alert[], now: Milliseconds): HeardAlerts {
    const written: Alert[] = [];
    const unsettled: string[] = [];
    const refreshed: Alert[] = [];
    let isNews = false;
    for (const alert of changed) {
      const known = alerts.get(alert.fingerprint);
      const wasSettled = settled.has(alert.fingerprint);
      if (wasSettled) unsettled.push(alert.fingerprint);
      if (!known || wasSettled || !isSameSpan(known, alert, now)) isNews = true;
      else if (saysTheSame(known, alert)) {
        refreshed.push(alert);
        continue;
      }
      written.push(alert);
    }
    return { written, unsettled, refreshed, isNews };
  }

  /** Most texts of a new alert are those of the new alert before it. */
  function shareTexts(alert: Alert): Alert {
    const { labels, annotations, generatorUrl } = latest ?? alert;
    latest = {
      ...alert,
      labels: alert.labels.sharing(labels),
      annotations: alert.annotations.sharing(annotations),
      generatorUrl: alert.generatorUrl === generatorUrl ? generatorUrl : alert.generatorUrl,
    };
    return latest;
  }

  function merge(heard: readonly Alert[], now: Milliseconds): Alert[] {
    const merged = new Map<string, Alert>();
    for (const alert of heard) {
      const known = merged.get(alert.fingerprint) ?? alerts.get(alert.fingerprint);
      merged.set(alert.fingerprint, known ? mergeAlerts(known, alert, now) : shareTexts(alert));
    }
    return [...merged.values()];
  }

  const hearing =
    <Durable>(save: (heard: HeardAlerts) => Durable) =>
    (heard: readonly Alert[], now: Milliseconds): Heard<Durable> => {
      const changed = merge(heard, now);
      const durable = save(sortOut(changed, now));
      for (const alert of changed) {
        alerts.set(alert.fingerprint, alert);
        settled.delete(alert.fingerprint);
      }
      if (state.hasManyRefreshes()) state.foldRefreshes(alerts.values());
      return { changed, durable };
    };

  return {
    all: () => alerts.values(),
    get: fingerprint => alerts.get(fingerprint),
    hear: hearing(heard => isNothing(heard) || state.saveAlerts(heard)),
    hearShared: hearing(async heard => isNothing(heard) || state.queueAlerts(heard)),
    settledIn: fingerprint => settled.get(fingerprint),
    settle(fingerprints, groupId) {
      for (const fingerprint of fingerprints)
        settled.set(fingerprint, (settled.get(fingerprint) ?? new Set()).add(groupId));
      state.settle(fingerprints, groupId);
    },
    collectGarbage(now, isHeld) {
      const gone = [...alerts.values()]
        .filter(alert => resolvedAt(alert, now) && !isHeld(alert.fingerprint))
        .map(alert => alert.fingerprint);
      for (const fingerprint of gone) {
        alerts.delete(fingerprint);
        settled.delete(fingerprint);
      }
      if (gone.length > 0) state.removeAlerts(gone);
    },
  };
}

const isNothing = ({ written, refreshed }: HeardAlerts) => written.length + refreshed.length === 0;

/** Whether an alert goes on as it was, firing or resolved. */
const isSameSpan = (known: Alert, alert: Alert, now: Milliseconds) =>
  known.startsAt === alert.startsAt && resolvedAt(known, now) === resolvedAt(alert, now);

/** Whether only its end may be another. */
const saysTheSame = (known: Alert, alert: Alert) =>
  known.generatorUrl === alert.generatorUrl && compareLabels(known.annotations, alert.annotations) === 0;
