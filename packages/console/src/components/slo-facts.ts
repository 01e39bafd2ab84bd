import type { SloSummary } from '../../../guard/src/server/console-types.ts';
import { formatObjective } from '../format/numbers.ts';
import { formatSpan } from '../format/time.ts';

/** What was promised: `99 % in 30 d`. */
export function promise(slo: SloSummary): string {
  return `${formatObjective(slo.objective)} in ${formatSpan(slo.windowSeconds * 1000)}`;
}

/** Since when the SLO has been in its state, where its alerts tell: the first of those that make that state. */
export function activeSince(slo: SloSummary): number | null {
  const instants = slo.alerts
    .filter(alert => alert.state === slo.state)
    .flatMap(alert => (alert.activeAt === null ? [] : [alert.activeAt]));
  return instants.length > 0 ? Math.min(...instants) : null;
}
