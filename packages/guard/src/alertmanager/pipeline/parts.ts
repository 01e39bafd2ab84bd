import type { Clock, Logger, Rng } from '../../core/index.ts';
import type { Flush } from '../aggregation-group.ts';
import type { Alert } from '../alert.ts';
import type { History, HistoryEntry } from '../history.ts';
import type { Inhibitor } from '../inhibitor.ts';
import type { Metrics } from '../metrics.ts';
import type { LogEntry, LogKey, NotificationLog } from '../notification-log.ts';
import type { NotificationRecord } from '../notification-record.ts';
import type { RenderRouteLabels } from '../route-labels.ts';
import type { Silences } from '../silences.ts';
import type { TimeIntervals } from '../time-interval.ts';
import type { Integration } from './delivery.ts';

/** What the stages of the pipeline work with. */
export interface PipelineParts {
  readonly clock: Clock;
  readonly rng: Rng | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly history: History;
  readonly inhibitor: Inhibitor;
  readonly timeIntervals: TimeIntervals;
  readonly silences: Pick<Silences, 'silencedBy'>;
  readonly log: NotificationLog;
  readonly externalUrl: string;
  readonly renderRouteLabels: RenderRouteLabels;
  readonly integrationsOf: (receiver: string) => readonly Integration[];
  /** Told as a notification proceeds; with the log entry once it is delivered. Makes both durable. */
  readonly record: (record: NotificationRecord, entry?: LogEntry) => void;
  /** Makes it known to a later run that a notification is about to be sent, or that this one failed for certain. */
  readonly beginAttempt: (key: LogKey) => Promise<unknown>;
  readonly endAttempt: (key: LogKey) => void;
  /** A log entry that no notification goes with (resolves that the receiver does not want). */
  readonly saveEntry: (entry: LogEntry) => void;
}

/** Keeps a decision about alerts, with its reason, in their history. */
export function note(
  { history, clock }: PipelineParts,
  { groupKey, route }: Flush,
  alerts: readonly Alert[],
  decision: HistoryEntry['decision'],
  reason: string,
  answer?: string,
): void {
  const fingerprints = alerts.map(alert => alert.fingerprint);
  history.add(fingerprints, {
    at: clock.now(),
    groupKey,
    receiver: route.receiver,
    decision,
    reason,
    ...(answer !== undefined && { answer }),
  });
}
