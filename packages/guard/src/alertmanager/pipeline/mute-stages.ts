import type { Flush } from '../aggregation-group.ts';
import type { Alert } from '../alert.ts';
import type { SuppressedBy } from '../metrics.ts';
import { note, type PipelineParts } from './parts.ts';

/** A stage that keeps alerts from being told. */
export interface MuteStage {
  /** The label `reason` of `alertmanager_notifications_suppressed_total`. */
  readonly kind: SuppressedBy;
  /** Why an alert of this flush is not told, in words; undefined where it goes on. Asked only where alerts are left. */
  judge(flush: Flush): (alert: Alert) => string | undefined;
}

export const inhibitStage = ({ inhibitor }: Pick<PipelineParts, 'inhibitor'>): MuteStage => ({
  kind: 'inhibition',
  judge: flush => alert => {
    const source = inhibitor.inhibitedBy(alert.labels, flush.now);
    return source && `inhibited by ${source}`;
  },
});

/** Outside of its active times a route tells nothing. */
export const activeTimesStage = ({ timeIntervals }: Pick<PipelineParts, 'timeIntervals'>): MuteStage => ({
  kind: 'active_time_interval',
  judge(flush) {
    const { activeTimes } = flush.route;
    const isActive = activeTimes.length === 0 || timeIntervals.containing(activeTimes, flush.now).length > 0;
    flush.mark(isActive ? [] : activeTimes);
    return () => (isActive ? undefined : `not within ${activeTimes.join(', ')}`);
  },
});

/** Within its mute times a route tells nothing. */
export const muteTimesStage = ({ timeIntervals }: Pick<PipelineParts, 'timeIntervals'>): MuteStage => ({
  kind: 'mute_time_interval',
  judge(flush) {
    const mutedBy = timeIntervals.containing(flush.route.muteTimes, flush.now);
    flush.mark(mutedBy);
    return () => (mutedBy.length > 0 ? `muted by ${mutedBy.join(', ')}` : undefined);
  },
});

export const silenceStage = ({ silences }: Pick<PipelineParts, 'silences'>): MuteStage => ({
  kind: 'silence',
  judge: flush => alert => {
    const ids = silences.silencedBy(alert.labels, flush.now);
    return ids.length > 0 ? `silenced by ${ids.join(', ')}` : undefined;
  },
});

/** The alerts that a stage lets go on; the others are counted and noted with what mutes them. */
export function passStage(
  parts: PipelineParts,
  flush: Flush,
  { kind, judge }: MuteStage,
  alerts: readonly Alert[],
): readonly Alert[] {
  if (alerts.length === 0) return alerts;
  const why = judge(flush);
  return alerts.filter(alert => {
    const reason = why(alert);
    if (reason === undefined) return true;
    parts.metrics.suppressed.inc({ reason: kind });
    note(parts, flush, [alert], 'not sent', reason);
    return false;
  });
}
